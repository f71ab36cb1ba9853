namespace DataHealth.Local.Sandbox.Books;

/// <summary>One collection: for each record its id, its moment and whether the default list hides it; the record itself is made when asked for.</summary>
internal sealed class Shelf(string name, Func<int, BookRecord> make, bool keepsMoments)
{
    private readonly List<Guid> _ids = [];
    private readonly List<long> _updated = [];
    private readonly List<bool> _hidden = [];
    private readonly Dictionary<int, BookRecord?> _changed = [];
    private int[]? _byId;
    private int[]? _byUpdated;
    private UInt128[]? _keys;

    public string Name => name;

    /// <summary>Slots ever used, those of vanished records included.</summary>
    public int Slots => _ids.Count;

    public int Generated { get; private set; }

    public int Vanished { get; private set; }

    public int Count => Slots - Vanished;

    public void Seal()
    {
        Generated = Slots;
        _ids.TrimExcess();
        _updated.TrimExcess();
        _hidden.TrimExcess();
    }

    public void Place(Guid id, DateTime updated, bool hidden)
    {
        _ids.Add(id);
        _updated.Add(updated.Ticks);
        _hidden.Add(hidden);
    }

    public void Add(BookRecord record)
    {
        _changed[Slots] = record;
        Place(record.Id, record.UpdatedUtc, IsHidden(record));
        (_byId, _byUpdated, _keys) = (null, null, null);
    }

    public void Replace(int slot, BookRecord record)
    {
        _changed[slot] = record;
        _hidden[slot] = IsHidden(record);
        if (_updated[slot] == record.UpdatedUtc.Ticks)
            return;
        _updated[slot] = record.UpdatedUtc.Ticks;
        _byUpdated = null;
    }

    public void Remove(int slot)
    {
        _changed[slot] = null;
        Vanished++;
    }

    public bool IsGone(int slot) => Vanished > 0 && _changed.TryGetValue(slot, out var record) && record is null;

    public bool IsHidden(int slot) => _hidden[slot];

    public DateTime Moment(int slot) => new(_updated[slot], DateTimeKind.Utc);

    public Guid IdAt(int slot) => _ids[slot];

    public BookRecord? Changed(int slot) => _changed.GetValueOrDefault(slot);

    /// <summary>The record as generated.</summary>
    public BookRecord Make(int slot) => make(slot);

    public BookRecord Get(int slot) => _changed.GetValueOrDefault(slot) ?? make(slot);

    public int? Find(Guid id)
    {
        var byId = ById();
        var at = Array.BinarySearch(_keys!, DatabaseOrder.Key(id));
        return at < 0 || IsGone(byId[at]) ? null : byId[at];
    }

    /// <summary>Slots in the order of their ids.</summary>
    public int[] ById()
    {
        if (_byId is not null)
            return _byId;
        var slots = Enumerable.Range(0, Slots).ToArray();
        var keys = _ids.Select(DatabaseOrder.Key).ToArray();
        Array.Sort(keys, slots);
        _keys = keys;
        return _byId = slots;
    }

    /// <summary>Slots in the order of their moments, then ids.</summary>
    public int[] ByUpdated()
    {
        if (_byUpdated is not null)
            return _byUpdated;
        // Stable over the order of ids: position there breaks the ties.
        var slots = (int[])ById().Clone();
        var keys = new (long Ticks, int Place)[slots.Length];
        for (var i = 0; i < slots.Length; i++)
            keys[i] = (_updated[slots[i]], i);
        Array.Sort(keys, slots);
        return _byUpdated = slots;
    }

    /// <summary>Whether moments are the provider's UpdatedDateUTC (or CreatedDateUTC), so that lists can be filtered by them.</summary>
    public bool KeepsMoments => keepsMoments;

    private bool IsHidden(BookRecord record) => Name switch
    {
        BookCollections.Contacts => record.Status == "ARCHIVED",
        BookCollections.BankTransfers => record.Status == "DELETED",
        BookCollections.TrackingCategories => record.Status == "ARCHIVED",
        _ => false,
    };

    public void Place(BookRecord record) => Place(record.Id, record.UpdatedUtc, IsHidden(record));
}
