using System.Text.Json;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// Tax returns whose figures have changed since they were filed. Remembers the tax of each transaction of the returns' periods from the first run after a return was entered.
/// </summary>
internal sealed class FiledReturnDrift : HealthCheck<FiledReturnDrift.Rules>
{
    public override string Key => "filed-return-drift";

    public override string Title => "Filed-return drift";

    public override string Explanation =>
        "Tax of a period that was filed, as the books say it now against what they said when the return was entered here: the net error of each return, the records behind it, and whether it is small enough for the next return.";

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Fits the next return", "A net error of up to this may be put right in the next return (United Kingdom: 10,000).", Unit = SettingAttribute.BaseCurrency, Least = 0)]
        decimal FitsNextReturn = 10_000m) : CheckSettings
    {
        public Rules()
            : this(10_000m)
        {
        }

        [Setting("Filed returns", "The returns that were filed; without any the check does not apply.", MostItems = 100)]
        public IReadOnlyList<FiledReturn> Returns { get; init; } = [];

        public override string? Problem() => Returns.Any(one => one.To < one.From || one.FiledOn < one.To) ? "returns: a return ends after it begins and is filed after it ends." : null;
    }

    /// <summary>A return.</summary>
    internal sealed record FiledReturn(
        [property: Setting("From", "The first day of its period.")] DateOnly From,
        [property: Setting("To", "The last day of its period.")] DateOnly To,
        [property: Setting("Filed on", "When it was filed.")] DateOnly FiledOn);

    /// <summary>What a transaction had of tax: towards the authority is positive.</summary>
    /// <param name="T">Tax by rate, base currency.</param>
    /// <param name="D">Its date.</param>
    /// <param name="N">How people know it.</param>
    internal sealed record Entry(SortedDictionary<string, decimal> T, DateOnly D, string N);

    /// <summary>The last day of the latest return that ended by a day and is entered as filed; null where none is.</summary>
    internal static DateOnly? LastFiled(HealthRequest request, DateOnly day) =>
        request.Settings.TryGetValue(new FiledReturnDrift().Key, out var settings)
            ? JsonSerializer.Deserialize<Rules>(settings, Json)!.Returns.Where(one => one.To <= day).Select(one => (DateOnly?)one.To).Max()
            : null;

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly Dictionary<string, SortedDictionary<string, Entry>> _now = rules.Returns.DistinctBy(Name).ToDictionary(Name, _ => new SortedDictionary<string, Entry>(StringComparer.Ordinal));

        public void Take(LedgerRecord record)
        {
            if (rules.Returns.Count > 0 && context.Chart.TransactionOf(record) is { Tax: not 0m } one)
                Keep(one);
        }

        private void Keep(Transaction one)
        {
            foreach (var filed in rules.Returns.Where(filed => filed.From <= one.Date && one.Date <= filed.To))
                _now[Name(filed)][one.Ref.ToString()] = new Entry(Tax(one), one.Date, $"{one.Name} {one.ContactName}".Trim());
        }

        public CheckOutcome Finish()
        {
            if (rules.Returns.Count == 0)
                return new CheckOutcome.NotApplicable("No filed return is entered.");
            if (context.Chart.Organisation.SalesTaxBasis is { } basis && basis.Contains("CASH", StringComparison.OrdinalIgnoreCase))
                return new CheckOutcome.NotAvailable("sales tax by the date of the document: these books reckon it when money moves");
            var frozen = context.Memory is { } memory ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, Entry>>>(memory, Json)! : new SortedDictionary<string, SortedDictionary<string, Entry>>();
            var (parts, findings) = (new Dictionary<string, Light>(), new List<Finding>());
            foreach (var (name, now) in _now)
            {
                if (!frozen.TryGetValue(name, out var then))
                    frozen[name] = then = now;
                var changed = then.Keys.Union(now.Keys).Order(StringComparer.Ordinal).Select(key => (Key: key, Then: then.GetValueOrDefault(key), Now: now.GetValueOrDefault(key)))
                    .Where(one => !Same(one.Then, one.Now)).ToList();
                var error = changed.Sum(one => Sum(one.Now) - Sum(one.Then));
                parts[name] = changed.Count == 0 ? Light.Green : Math.Abs(error) <= rules.FitsNextReturn ? Light.Amber : Light.Red;
                if (changed.Count == 0)
                    continue;
                var rates = changed.SelectMany(one => TaxOf(one.Now).Select(tax => (tax.Key, Amount: tax.Value)).Concat(TaxOf(one.Then).Select(tax => (tax.Key, Amount: -tax.Value))))
                    .GroupBy(tax => tax.Key).Select(tax => (Rate: tax.Key, Amount: tax.Sum(one => one.Amount))).Where(tax => tax.Amount != 0m).OrderBy(tax => tax.Rate, StringComparer.Ordinal);
                var fits = parts[name] == Light.Amber ? "It fits the next return." : "It is too much for the next return: the authority has to be told.";
                findings.Add(context.Find("drift", [name], parts[name] == Light.Red ? Severity.Error : Severity.Warning,
                    $"The return {name}: {Money.Text(Math.Abs(error))} {(error < 0m ? "less" : "more")} is owed than was filed ({string.Join(", ", rates.Select(tax => $"{tax.Rate} {Money.Text(tax.Amount)}"))}). {fits}",
                    [.. changed.Select(one => Of(one.Key, one.Then, one.Now))], error) with
                { Part = name });
            }
            foreach (var name in frozen.Keys.Where(name => !_now.ContainsKey(name)).ToList())
                frozen.Remove(name);
            return new CheckOutcome.Checked(new StateMeasure(parts), findings) { Memory = JsonSerializer.Serialize(frozen, Json) };
        }

        private static SortedDictionary<string, decimal> Tax(Transaction one)
        {
            var sign = one.IsSale == one.IsCredit ? -1m : 1m;
            var taxes = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
            if (one.Lines.All(line => line.Tax is not null))
            {
                foreach (var line in one.Lines.Where(line => line.Tax != 0m))
                    taxes[line.TaxType ?? ""] = taxes.GetValueOrDefault(line.TaxType ?? "") + (sign * one.ToBase(line.Tax!.Value));
            }
            else
            {
                taxes["document"] = sign * one.ToBase(one.Tax);
            }
            return taxes;
        }

        private static Evidence Of(string key, Entry? then, Entry? now)
        {
            var cut = key.IndexOf(':', StringComparison.Ordinal);
            var known = now ?? then!;
            return new Evidence(new RecordRef(Enum.Parse<RecordKind>(key[..cut]), key[(cut + 1)..]), known.N, known.D, Sum(now) - Sum(then))
            {
                Print = Fingerprint.Of([key, .. TaxOf(then).Concat(TaxOf(now)).Select(tax => tax.Key + Fingerprint.Number(tax.Value))]),
            };
        }

        private static bool Same(Entry? then, Entry? now) => then is not null && now is not null && then.T.SequenceEqual(now.T);

        private static IEnumerable<KeyValuePair<string, decimal>> TaxOf(Entry? entry) => entry?.T ?? Enumerable.Empty<KeyValuePair<string, decimal>>();

        private static decimal Sum(Entry? entry) => entry?.T.Values.Sum() ?? 0m;

        private static string Name(FiledReturn filed) => $"{filed.From:yyyy-MM-dd} to {filed.To:yyyy-MM-dd}";
    }
}
