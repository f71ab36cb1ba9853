using System.Globalization;
using System.Text.Json;
using DataHealth.Core.Clients;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Suppliers whose bank details changed or are another's. Remembers a hash of each, never the details.</summary>
internal sealed class SupplierBankDetails : HealthCheck<NoSettings>
{
    public override string Key => "supplier-bank-details";

    public override string Title => "Supplier bank details";

    public override string Explanation =>
        "Bank details of a supplier that changed since they were first seen here, or that two suppliers share: the two usual signs of payments led astray. Where the connecting user may not see bank details nothing can be told.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.BankDetails);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Contacts);

    protected override ICheckRun Start(CheckContext context, NoSettings settings) => new Run(context);

    private sealed class Run(CheckContext context) : ICheckRun
    {
        private readonly List<(LedgerContact Contact, string Hash)> _suppliers = [];

        public void Take(LedgerRecord record)
        {
            if (record is LedgerContact { IsSupplier: true, Activity: LedgerActivity.Active, MergedIntoId: null } contact && BusinessName.TaxKey(contact.BankDetails) is { } details)
                _suppliers.Add((contact with { BankDetails = null }, Fingerprint.Of(["bank", details]).ToString("x16", CultureInfo.InvariantCulture)));
        }

        public CheckOutcome Finish()
        {
            if (_suppliers.Count == 0)
                return new CheckOutcome.NotAvailable("bank details of suppliers, which the connecting user may not be allowed to see");
            var findings = new List<Finding>();
            var first = context.Memory is { } memory ? JsonSerializer.Deserialize<Dictionary<string, string>>(memory, Json)! : new Dictionary<string, string>();
            foreach (var (contact, hash) in _suppliers)
            {
                if (!first.TryGetValue(contact.Id, out var known))
                    first[contact.Id] = hash;
                else if (known != hash)
                    findings.Add(context.Find("changed", [contact.Id], Severity.Error, $"The bank details of {contact.Name} have changed since they were first seen here.", [Of(contact, hash)]));
            }
            foreach (var group in _suppliers.GroupBy(supplier => supplier.Hash).Where(group => group.Count() > 1))
            {
                var sharing = group.OrderBy(supplier => supplier.Contact.Id, StringComparer.Ordinal).ToList();
                findings.Add(context.Find("shared", sharing.Select(supplier => supplier.Contact.Id), Severity.Error,
                    $"{string.Join(" and ", sharing.Take(5).Select(supplier => supplier.Contact.Name))} have the same bank account.", [.. sharing.Select(supplier => Of(supplier.Contact, supplier.Hash))]));
            }
            var sorted = new SortedDictionary<string, string>(first, StringComparer.Ordinal);
            return new CheckOutcome.Checked(new PopulationMeasure(_suppliers.Count, PopulationMeasure.OfLists), findings) { Memory = JsonSerializer.Serialize(sorted, Json) };
        }

        private static Evidence Of(LedgerContact contact, string hash) => new(RecordRef.Of(contact), contact.Name ?? contact.Id, null, null) { Print = Fingerprint.Of([contact.Id, hash]) };
    }
}
