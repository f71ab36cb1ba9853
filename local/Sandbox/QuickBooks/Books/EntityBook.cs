namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>A trace of what is gone: change data capture tells of it for thirty days.</summary>
internal sealed record Tombstone(string Entity, long Id, DateTime AtUtc);

/// <summary>The ids of a company: which entity each record of the books is, and where each entity comes from.</summary>
/// <remarks>Transactions share one sequence of ids, names (customers, vendors, employees) another; every other list has its own.</remarks>
internal sealed class EntityBook
{
    private readonly Dictionary<string, EntityShelf> _shelves = EntityNames.All.ToDictionary(name => name, name => new EntityShelf(name), StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string? Entity, long Id)>> _placed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, long), int> _tokens = [];
    private readonly HashSet<EntitySource> _voided = [];
    private readonly List<Tombstone> _tombstones = [];
    private readonly Dictionary<int, bool> _madeAsVendor = [];
    private long _lastTransaction;
    private long _lastAttachable = 5_000_000_000;

    public IReadOnlyList<Tombstone> Tombstones => _tombstones;

    public EntityShelf On(string entity) => _shelves[entity];

    public (string? Entity, long Id) Of(EntitySource source) =>
        _placed.TryGetValue(source.Collection, out var list) && source.Slot < list.Count ? list[source.Slot] : (null, 0);

    /// <summary>The id of what a record of the books is; empty when it is nothing.</summary>
    public string IdText(string collection, int slot) => Of(new EntitySource(collection, slot)) is { Entity: not null, Id: var id } ? Text(id) : "";

    public int SyncToken(string entity, long id) => _tokens.GetValueOrDefault((entity, id));

    public void Bump(string entity, long id) => _tokens[(entity, id)] = SyncToken(entity, id) + 1;

    public bool IsVoided(EntitySource source) => _voided.Contains(source);

    public void MarkVoided(EntitySource source) => _voided.Add(source);

    /// <summary>Whether a contact that an edit made was asked for as a vendor; null when chance decides.</summary>
    public bool? MadeAsVendor(int slot) => _madeAsVendor.TryGetValue(slot, out var vendor) ? vendor : null;

    public void MakeAsVendor(int slot, bool vendor) => _madeAsVendor[slot] = vendor;

    public long NextTransaction() => ++_lastTransaction;

    public long NextAttachable() => ++_lastAttachable;

    /// <summary>Places a record for the first time; a null entity only keeps its place.</summary>
    public void Place(EntitySource source, string? entity, long id, DateTime updated, bool active)
    {
        if (!_placed.TryGetValue(source.Collection, out var list))
            _placed[source.Collection] = list = [];
        while (list.Count <= source.Slot)
            list.Add((null, 0));
        list[source.Slot] = (entity, id);
        if (entity is not null)
            _shelves[entity].Add(id, source, updated, active);
    }

    public void Bury(string entity, long id, DateTime at, bool leavesTrace)
    {
        if (_shelves[entity].Find(id) is { } place)
            _shelves[entity].Remove(place);
        if (leavesTrace)
            _tombstones.Add(new Tombstone(entity, id, at));
    }

    /// <summary>Lets a record stand for nothing any more; its id is never used again.</summary>
    public void Clear(EntitySource source) => _placed[source.Collection][source.Slot] = (null, 0);

    public static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
