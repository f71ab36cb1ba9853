using DataHealth.Core.Clients;
using DataHealth.Core.Health.Names;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>Contacts that are there twice. Keeps the contacts in use and how often each was used.</summary>
internal sealed class DuplicateContacts : HealthCheck<DuplicateContacts.Rules>
{
    public override string Key => "duplicate-contacts";

    public override string Title => "Duplicate contacts";

    public override string Explanation =>
        "Two contacts whose names, e-mail addresses, tax numbers or bank accounts are the same, at least one of them used in the period: balances and history are spread over both. Merge them at the provider.";

    public override decimal DefaultWeight => 5m;

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Contacts, LedgerPart.Documents, LedgerPart.BankEntries);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("How alike", "How alike the names of two contacts must be: the same words, one small slip, two slips, or only looking alike.")]
        NameLevel Level = NameLevel.Close) : CheckSettings
    {
        public Rules()
            : this(NameLevel.Close)
        {
        }
    }

    private sealed record Known(string Id, string Name, bool IsCustomer, bool IsSupplier, string? Email, string? Tax, string? Bank, ulong Print);

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        // What more contacts than this share (the practice's own address) tells none of them apart.
        private const int MostSharing = 8;
        private readonly Dictionary<string, Known> _contacts = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
        private readonly HashSet<string> _active = new(StringComparer.Ordinal);

        public void Take(LedgerRecord record)
        {
            if (record is LedgerContact contact)
            {
                if (contact is { Activity: LedgerActivity.Active, MergedIntoId: null })
                {
                    _contacts[contact.Id] = new Known(contact.Id, contact.Name ?? "", contact.IsCustomer, contact.IsSupplier,
                        contact.Email is { } email && email.Contains('@', StringComparison.Ordinal) ? email.Trim().ToLowerInvariant() : null,
                        context.Can(Capability.PlainTaxNumbers) ? BusinessName.TaxKey(contact.TaxNumber) : null, BusinessName.TaxKey(contact.BankDetails), Fingerprint.Of(contact));
                }
                return;
            }
            if (context.Chart.TransactionOf(record) is not { ContactId: { } id } one || one.Date > context.ReportingDate)
                return;
            _uses[id] = _uses.GetValueOrDefault(id) + 1;
            if (context.Period.Holds(one.Date))
                _active.Add(id);
        }

        public CheckOutcome Finish()
        {
            var reasons = new SortedDictionary<(string One, string Other), List<string>>();
            var names = new NameBlocks(rules.Level);
            foreach (var contact in _contacts.Values)
                names.Add(contact.Id, contact.Name);
            foreach (var pair in names.Pairs())
                Add(pair, "name");
            Same(contact => contact.Email, "e-mail address");
            Same(contact => contact.Tax, "tax number");
            Same(contact => contact.Bank, "bank account");

            var findings = reasons.Select(pair => Found(_contacts[pair.Key.One], _contacts[pair.Key.Other], pair.Value)).ToList();
            return new CheckOutcome.Checked(new PopulationMeasure(_contacts.Count, PopulationMeasure.OfDuplicates), findings);

            void Same(Func<Known, string?> what, string reason)
            {
                foreach (var group in _contacts.Values.Where(contact => what(contact) is not null).GroupBy(what, StringComparer.Ordinal).Where(group => group.Count() is > 1 and <= MostSharing))
                {
                    var ids = group.Select(contact => contact.Id).Order(StringComparer.Ordinal).ToList();
                    for (var i = 0; i < ids.Count; i++)
                    {
                        for (var j = i + 1; j < ids.Count; j++)
                            Add((ids[i], ids[j]), reason);
                    }
                }
            }

            void Add((string One, string Other) pair, string reason)
            {
                if ((!_active.Contains(pair.One) && !_active.Contains(pair.Other)) || !MayBeOne(_contacts[pair.One], _contacts[pair.Other]))
                    return;
                if (!reasons.TryGetValue(pair, out var held))
                    reasons[pair] = held = [];
                held.Add(reason);
            }
        }

        // Where a customer that is also a supplier must be two contacts, only contacts of one kind can be one too many.
        private bool MayBeOne(Known one, Known other) => context.Can(Capability.SharedContacts) || (one.IsCustomer == other.IsCustomer && one.IsSupplier == other.IsSupplier);

        private Finding Found(Known one, Known other, List<string> reasons) =>
            context.Find("pair", [one.Id, other.Id], reasons.Count > 1 ? Severity.Error : Severity.Warning,
                $"{one.Name} ({_uses.GetValueOrDefault(one.Id)} transaction{(_uses.GetValueOrDefault(one.Id) == 1 ? "" : "s")}) and {other.Name} ({_uses.GetValueOrDefault(other.Id)}): the same {string.Join(", ", reasons)}.", [Evidence(one), Evidence(other)]);

        private static Evidence Evidence(Known contact) => new(new RecordRef(RecordKind.Contact, contact.Id), contact.Name, null, null) { Print = contact.Print };
    }
}
