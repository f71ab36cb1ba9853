using System.Collections.Concurrent;
using System.Text.Json;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.World;

/// <summary>The books of every company: generated when first opened, with the edits of earlier lives laid over them.</summary>
public sealed class RealmLibrary(WorldFolder? folder)
{
    private readonly ConcurrentDictionary<string, Lazy<Kept>> _kept = new();

    /// <summary>Told of every edit, after it was kept.</summary>
    internal event Action<RealmCompany, IReadOnlyList<EntityEditDone>>? Edited;

    public RealmBooks Open(RealmCompany company) => Keep(company).Books;

    public IReadOnlyList<EntityEditDone> Apply(RealmCompany company, IEnumerable<EntityEdit> edits) => [.. edits.SelectMany(edit => Change(company, books => [books.Apply(edit)]))];

    public IReadOnlyList<EntityEditDone> ApplyRandom(RealmCompany company, ulong seed, int count, EditMix mix, DateTime atUtc) =>
        Change(company, books => books.ApplyRandom(seed, count, mix, atUtc));

    /// <summary>Forgets the books of one company, or of all.</summary>
    public void Discard(string? realmId = null)
    {
        if (realmId is not null)
            _kept.TryRemove(realmId, out _);
        else
            _kept.Clear();
    }

    private IReadOnlyList<EntityEditDone> Change(RealmCompany company, Func<RealmBooks, IReadOnlyList<EntityEditDone>> change)
    {
        var kept = Keep(company);
        IReadOnlyList<EntityEditDone> done;
        lock (kept.Gate)
        {
            done = change(kept.Books);
            if (folder is not null)
                File.AppendAllLines(folder.EditsFile(new TenantKey(company.RealmId)), done.Select(one => JsonSerializer.Serialize(one.Edit, SandboxJson.Options)));
        }

        Edited?.Invoke(company, done);
        return done;
    }

    private Kept Keep(RealmCompany company) => _kept.GetOrAdd(company.RealmId, _ => new Lazy<Kept>(() =>
    {
        var books = new RealmBooks(company.Books);
        var file = folder?.EditsFile(new TenantKey(company.RealmId));
        if (file is not null && File.Exists(file))
        {
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
                books.Apply(JsonSerializer.Deserialize<EntityEdit>(line, SandboxJson.Options)!);
        }

        return new Kept(books);
    })).Value;

    private sealed record Kept(RealmBooks Books)
    {
        public Lock Gate { get; } = new();
    }
}
