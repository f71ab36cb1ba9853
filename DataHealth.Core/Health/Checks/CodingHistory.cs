using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// On what accounts and tax codes each contact's transactions went, sales and purchases apart. A transaction that is split over several codes counts as that split: one that repeats is one pattern.
/// Grows with contacts times codes; of each code some transactions are kept as evidence.
/// </summary>
/// <param name="chart">The accounts.</param>
/// <param name="period">Who was active in these days is told.</param>
/// <param name="from">Transactions count from this day.</param>
/// <param name="to">And up to this one.</param>
/// <param name="keepsEvidence">Transactions are wanted as evidence.</param>
internal sealed class CodingHistory(Chart chart, Period period, DateOnly from, DateOnly to, bool keepsEvidence = true)
{
    private const int KeptPerCode = 20;
    private readonly Dictionary<CodingKey, Dictionary<string, Coding>> _contacts = [];
    private readonly HashSet<(string Contact, bool IsSale)> _active = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public void Take(LedgerRecord record)
    {
        if (chart.TransactionOf(record) is not { ContactId: { } contact } one || one.Date < from || one.Date > to || chart.CodingOf(record) is not { } coded)
            return;
        if (period.Holds(one.Date))
            _active.Add((contact, one.IsSale));
        if (!_names.TryGetValue(contact, out var name) || string.CompareOrdinal(one.ContactName, name) > 0)
            _names[contact] = one.ContactName;
        Add(one, contact, CodingDimension.Account, coded.Accounts);
        Add(one, contact, CodingDimension.Tax, coded.Taxes);
    }

    private void Add(Transaction one, string contact, CodingDimension dimension, (string Pattern, int Lines)? used)
    {
        if (used is not var (pattern, lines))
            return;
        var key = new CodingKey(contact, one.IsSale, dimension);
        if (!_contacts.TryGetValue(key, out var patterns))
            _contacts[key] = patterns = new(StringComparer.Ordinal);
        if (!patterns.TryGetValue(pattern, out var coding))
            patterns[pattern] = coding = new Coding(pattern);
        coding.Lines += lines;
        coding.Keep(one, keepsEvidence ? KeptPerCode : 0);
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
    // The earliest first. So few that moving some up is quicker than a tree.
    private readonly List<Evidence> _kept = [];

    public string Code { get; } = code;

    public int Lines { get; set; }

    public int Transactions { get; private set; }

    /// <summary>The latest transactions.</summary>
    public IReadOnlyCollection<Evidence> Kept => _kept;

    public void Keep(Transaction one, int atMost)
    {
        Transactions++;
        var at = _kept.Count;
        while (at > 0 && Compare(one.Date, one.Ref, _kept[at - 1]) < 0)
            at--;
        // The first to go is not made into evidence at all.
        if ((at == 0 && _kept.Count >= atMost) || (at > 0 && Compare(one.Date, one.Ref, _kept[at - 1]) == 0))
            return;
        _kept.Insert(at, one.AsEvidence());
        if (_kept.Count > atMost)
            _kept.RemoveAt(0);
    }

    private static int Compare(DateOnly? date, RecordRef record, Evidence other)
    {
        var order = Nullable.Compare(date, other.Date);
        if (order == 0)
            order = string.CompareOrdinal(record.Id, other.Record.Id);
        return order != 0 ? order : record.Kind.CompareTo(other.Record.Kind);
    }
}
