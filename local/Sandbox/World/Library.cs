using System.Collections.Concurrent;
using System.Text.Json;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.World;

/// <summary>The books of every organisation: generated when first opened, with the edits of earlier lives laid over them.</summary>
public sealed class Library(WorldFolder? folder)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Shelf>> _shelves = new();

    /// <summary>Called after edits, in their order.</summary>
    public Action<Organisation, IBooks, IReadOnlyList<EditDone>>? Edited { get; set; }

    public IBooks Open(Organisation organisation) => Shelve(organisation).Books;

    public EditDone Apply(Organisation organisation, BooksEdit edit)
    {
        var shelf = Shelve(organisation);
        lock (shelf.Gate)
        {
            var done = shelf.Books.Apply(edit);
            Keep(organisation, shelf);
            Edited?.Invoke(organisation, shelf.Books, [done]);
            return done;
        }
    }

    public IReadOnlyList<EditDone> ApplyRandom(Organisation organisation, ulong seed, int count, EditMix mix, DateTime atUtc)
    {
        var shelf = Shelve(organisation);
        lock (shelf.Gate)
        {
            var done = shelf.Books.ApplyRandom(seed, count, mix, atUtc);
            Keep(organisation, shelf);
            Edited?.Invoke(organisation, shelf.Books, done);
            return done;
        }
    }

    /// <summary>Forgets the books of one organisation, or of all.</summary>
    public void Discard(Guid? tenantId = null)
    {
        if (tenantId is { } one)
            _shelves.TryRemove(one, out _);
        else
            _shelves.Clear();
    }

    private Shelf Shelve(Organisation organisation) => _shelves.GetOrAdd(organisation.TenantId, _ => new Lazy<Shelf>(() =>
    {
        var books = new CompanyBooks(organisation.Books, organisation.TenantId);
        if (folder is not null && File.Exists(folder.EditsFile(organisation.TenantId)))
        {
            foreach (var line in File.ReadLines(folder.EditsFile(organisation.TenantId)).Where(line => line.Length > 0))
                books.Apply(JsonSerializer.Deserialize<BooksEdit>(line, SandboxJson.Options)!);
        }

        return new Shelf(books) { Kept = folder is null ? 0 : books.Journal.Count };
    })).Value;

    private void Keep(Organisation organisation, Shelf shelf)
    {
        if (folder is null)
            return;
        File.AppendAllLines(folder.EditsFile(organisation.TenantId), shelf.Books.Journal.Skip(shelf.Kept).Select(edit => JsonSerializer.Serialize(edit, SandboxJson.Options)));
        shelf.Kept = shelf.Books.Journal.Count;
    }

    private sealed class Shelf(IBooks books)
    {
        public Lock Gate { get; } = new();

        public IBooks Books => books;

        public int Kept { get; set; }
    }
}
