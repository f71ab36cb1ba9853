using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// On what accounts and tax codes each contact's transactions went, sales and purchases apart. A transaction that is split over several codes counts as that split: one that repeats is one pattern.
/// Grows with contacts times codes; of each code some transactions are kept as evidence.
/// </summary>
internal sealed class CodingHistory(Chart chart, Period period, DateOnly from, DateOnly to)
{
    private const int KeptPerCode = 20;
    private readonly Dictionary<CodingKey, Dictionary<string, Coding>> _contacts = [];
    private readonly HashSet<(string Contact, bool IsSale)> _active = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public void Take(LedgerRecord record)
    {
        if (Transaction.Of(record) is not { ContactId: { } contact } one || one.Date < from || one.Date > to)
            return;
        var lines = one.Lines.Where(line => line.Net != 0m).ToList();
        if (lines.Count == 0)
            return;
        if (period.Holds(one.Date))
            _active.Add((contact, one.IsSale));
        if (!_names.TryGetValue(contact, out var name) || string.CompareOrdinal(one.ContactName, name) > 0)
            _names[contact] = one.ContactName;
        Add(CodingDimension.Account, lines.Select(line => chart.AccountOf(line) is { } account ? account.Code ?? account.Id : line.AccountCode ?? line.AccountId));
        Add(CodingDimension.Tax, lines.Select(line => line.TaxType));

        void Add(CodingDimension dimension, IEnumerable<string?> codes)
        {
            var used = codes.OfType<string>().ToList();
            if (used.Count == 0)
                return;
            var key = new CodingKey(contact, one.IsSale, dimension);
            if (!_contacts.TryGetValue(key, out var patterns))
                _contacts[key] = patterns = new(StringComparer.Ordinal);
            var pattern = string.Join(" + ", used.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            if (!patterns.TryGetValue(pattern, out var coding))
                patterns[pattern] = coding = new Coding(pattern);
            coding.Lines += used.Count;
            coding.Keep(one.AsEvidence(), KeptPerCode);
        }
    }

    /// <summary>The contacts that were active in the period, each in a direction and a dimension, with their codings: most used first.</summary>
    public IEnumerable<(CodingKey Key, string Name, List<Coding> Codings)> Active() =>
        _contacts.Where(one => _active.Contains((one.Key.Contact, one.Key.IsSale)))
            .Select(one => (one.Key, _names[one.Key.Contact], one.Value.Values.OrderByDescending(coding => coding.Lines).ThenBy(coding => coding.Code, StringComparer.Ordinal).ToList()));
}

/// <summary>Account or tax code.</summary>
internal enum CodingDimension
{
    /// <summary>The account.</summary>
    Account,

    /// <summary>The tax code.</summary>
    Tax,
}

/// <summary>Whose coding: a dismissal is for this combination.</summary>
internal readonly record struct CodingKey(string Contact, bool IsSale, CodingDimension Dimension)
{
    public string Direction => IsSale ? "sales" : "purchases";

    public string Word => Dimension == CodingDimension.Account ? "account" : "tax code";
}

/// <summary>A code, or a split over several, and how often it was used.</summary>
internal sealed class Coding(string code)
{
    private readonly SortedSet<Evidence> _kept = new(Comparer<Evidence>.Create((one, other) =>
        (one.Date, one.Record.Id).CompareTo((other.Date, other.Record.Id)) is var order && order != 0 ? order : one.Record.Kind.CompareTo(other.Record.Kind)));

    public string Code { get; } = code;

    public int Lines { get; set; }

    public int Transactions { get; private set; }

    /// <summary>The latest transactions.</summary>
    public IReadOnlyCollection<Evidence> Kept => _kept;

    public void Keep(Evidence evidence, int atMost)
    {
        Transactions++;
        _kept.Add(evidence);
        if (_kept.Count > atMost)
            _kept.Remove(_kept.Min!);
    }
}
