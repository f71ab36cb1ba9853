namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Where an entity comes from: a collection of the books (or one of <see cref="EntitySources"/>' own) and a slot in it.</summary>
internal readonly record struct EntitySource(string Collection, int Slot);

/// <summary>All entities of one name: ids, moments and sources; the entity itself is rendered when asked for.</summary>
internal sealed class EntityShelf(string name)
{
    private readonly List<long> _ids = [];
    private readonly List<long> _seconds = [];
    private readonly List<EntitySource> _sources = [];
    private readonly List<Standing> _standing = [];
    private int[]? _byUpdated;

    internal enum Standing : byte { Active, Inactive, Gone }

    public string Name => name;

    /// <summary>Places ever used; they are in the order of the ids.</summary>
    public int Places => _ids.Count;

    public int Count { get; private set; }

    public int ActiveCount { get; private set; }

    public void Add(long id, EntitySource source, DateTime updated, bool active)
    {
        if (_ids.Count > 0 && _ids[^1] >= id)
            throw new InvalidOperationException($"{name} {id} comes after {_ids[^1]}.");
        _ids.Add(id);
        _seconds.Add(Seconds(updated));
        _sources.Add(source);
        _standing.Add(active ? Standing.Active : Standing.Inactive);
        Count++;
        ActiveCount += active ? 1 : 0;
        _byUpdated = null;
    }

    /// <summary>The place of an id, gone or not; null for one that never was.</summary>
    public int? Find(long id)
    {
        var place = _ids.BinarySearch(id);
        return place < 0 ? null : place;
    }

    public void Touch(int place, DateTime updated, bool active)
    {
        if (_seconds[place] != Seconds(updated))
            (_seconds[place], _byUpdated) = (Seconds(updated), null);
        Stand(place, active ? Standing.Active : Standing.Inactive);
    }

    public void Remove(int place) => Stand(place, Standing.Gone);

    public long IdAt(int place) => _ids[place];

    public EntitySource SourceAt(int place) => _sources[place];

    public bool IsGone(int place) => _standing[place] == Standing.Gone;

    public bool IsActive(int place) => _standing[place] == Standing.Active;

    public DateTime UpdatedAt(int place) => new(_seconds[place] * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    /// <summary>Places from the latest change to the first, by id where moments are equal.</summary>
    public int[] ByUpdatedDescending()
    {
        if (_byUpdated is { } kept)
            return kept;
        var places = Enumerable.Range(0, Places).ToArray();
        var keys = places.Select(place => (-_seconds[place], place)).ToArray();
        Array.Sort(keys, places);
        return _byUpdated = places;
    }

    private void Stand(int place, Standing now)
    {
        var before = _standing[place];
        Count += (now == Standing.Gone ? 0 : 1) - (before == Standing.Gone ? 0 : 1);
        ActiveCount += (now == Standing.Active ? 1 : 0) - (before == Standing.Active ? 1 : 0);
        _standing[place] = now;
    }

    /// <summary>Moments are kept, shown and compared by the second.</summary>
    private static long Seconds(DateTime utc) => utc.Ticks / TimeSpan.TicksPerSecond;
}
