using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>The register of fixed assets against the ledger. Keeps sums per account of the register.</summary>
internal sealed class FixedAssets : HealthCheck<NoSettings>
{
    private const string Mapping = "mapping";
    private const string Drafts = "drafts";
    private const string Depreciation = "depreciation";

    public override string Key => "fixed-assets";

    public override string Title => "Fixed assets";

    public override string Explanation =>
        "Asset accounts with a balance that no asset type uses, drafts in the register, accounts where register and ledger differ at the last depreciation, and depreciation that is behind.";

    public override decimal DefaultWeight => 10m;

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.FixedAssets, Capability.MonthlyBalances);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Assets, LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, NoSettings settings) => new Run(context);

    private sealed class Run(CheckContext context) : ICheckRun
    {
        private readonly List<Asset> _assets = [];
        private AssetSettings? _settings;

        public void Take(LedgerRecord record)
        {
            if (record is Asset asset)
                _assets.Add(asset);
            else if (record is AssetSettings settings)
                _settings = settings;
        }

        public CheckOutcome Finish()
        {
            var chart = context.Chart;
            var fixedAccounts = chart.Accounts.Where(account => account is { Activity: LedgerActivity.Active, Type: "FIXED" }).ToList();
            if (_assets.Count == 0 && !fixedAccounts.Exists(account => chart.Balances.Latest(account.Id, context.ReportingDate) is { Amount: not 0m }))
                return new CheckOutcome.NotApplicable("There are no fixed assets.");
            var parts = new Dictionary<string, Light> { [Mapping] = Light.Green, [Drafts] = Light.Green };
            var findings = new List<Finding>();
            Unmapped(fixedAccounts, parts, findings);
            foreach (var draft in _assets.Where(asset => asset.Status == AssetStatus.Draft))
            {
                parts[Drafts] = Light.Amber;
                findings.Add(context.Find("draft", [draft.Id], Severity.Warning, $"{draft.Name} is a draft in the register: it is not depreciated.",
                    [Evidence.Of(draft, draft.Name ?? draft.Id, draft.BoughtOn, draft.Cost)], draft.Cost) with
                { Part = Drafts });
            }
            Register(parts, findings);
            Behind(parts, findings);
            return new CheckOutcome.Checked(new StateMeasure(parts), findings);
        }

        private void Unmapped(List<LedgerAccount> accounts, Dictionary<string, Light> parts, List<Finding> findings)
        {
            var mapped = context.Chart.AssetTypes.SelectMany(type => new[] { type.CostAccountId, type.AccumulatedAccountId }).OfType<string>().ToHashSet(StringComparer.Ordinal);
            foreach (var account in accounts.Where(account => !mapped.Contains(account.Id)))
            {
                if (context.Chart.Balances.Latest(account.Id, context.ReportingDate) is not { Amount: not 0m } balance)
                    continue;
                parts[Mapping] = Light.Red;
                findings.Add(context.Find("unmapped", [account.Id], Severity.Error, $"{Chart.Name(account)} has a balance of {Money.Text(balance.Amount)} and belongs to no asset type.",
                    [Evidence.Of(account, balance.Day, balance.Amount)], balance.Amount) with
                { Part = Mapping });
            }
        }

        // By account, since several types can share one; as of the last depreciation, since later purchases may not be in the register yet, and the register tells what was written off by then alone:
        // also where that is after the reporting date.
        private void Register(Dictionary<string, Light> parts, List<Finding> findings)
        {
            var day = _settings?.DepreciatedTo ?? context.ReportingDate;
            var types = context.Chart.AssetTypes.ToDictionary(type => type.Id, StringComparer.Ordinal);
            var sums = new Dictionary<string, decimal>(StringComparer.Ordinal);
            foreach (var type in types.Values)
            {
                Add(type.CostAccountId, 0m);
                Add(type.AccumulatedAccountId, 0m);
            }
            foreach (var asset in _assets.Where(asset => asset.Status == AssetStatus.Registered || (asset.Status == AssetStatus.Disposed && asset.DisposedOn > day)))
            {
                if (asset.BoughtOn > day || asset.TypeId is not { } id || !types.TryGetValue(id, out var type))
                    continue;
                Add(type.CostAccountId, asset.Cost ?? 0m);
                Add(type.AccumulatedAccountId, -((asset.PriorDepreciation ?? 0m) + (asset.CurrentDepreciation ?? 0m)));
            }
            foreach (var (id, register) in sums.OrderBy(sum => sum.Key, StringComparer.Ordinal))
            {
                if (context.Chart.Account(id) is not { } account || context.Chart.Balances.Balance(account.Id, day) is not { } ledger)
                    continue;
                var part = $"register {id}";
                var difference = Money.Round(ledger - register);
                parts[part] = difference == 0m ? Light.Green : Light.Red;
                if (difference != 0m)
                {
                    findings.Add(context.Find("register", [id], Severity.Error,
                        $"{Chart.Name(account)}: the register says {Money.Text(register)} on {Money.Text(day)}, the ledger {Money.Text(ledger)}.", [Evidence.Of(account, day, difference)], difference) with
                    { Part = part });
                }
            }

            void Add(string? account, decimal amount)
            {
                if (account is not null)
                    sums[account] = sums.GetValueOrDefault(account) + amount;
            }
        }

        private void Behind(Dictionary<string, Light> parts, List<Finding> findings)
        {
            if (!_assets.Exists(asset => asset.Status == AssetStatus.Registered && !(asset.BoughtOn > context.Period.To)))
                return;
            var last = _settings?.DepreciatedTo;
            parts[Depreciation] = last >= context.Period.To ? Light.Green : last is { } day && day.AddMonths(3) >= context.Period.To ? Light.Amber : Light.Red;
            if (parts[Depreciation] == Light.Green)
                return;
            var text = last is { } date ? $"Depreciation has been run to {Money.Text(date)}, the period ends on {Money.Text(context.Period.To)}." : "Depreciation has never been run.";
            findings.Add(context.Find("behind", ["settings"], Severity.Warning, text, [context.Settings($"depreciated to {last:yyyy-MM-dd}")]) with { Part = Depreciation });
        }
    }
}
