using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

public sealed partial class CompanyBooks
{
    private static readonly string[] Creatable =
        [BookCollections.Invoices, BookCollections.Invoices, BookCollections.BankTransactions, BookCollections.Contacts, BookCollections.ManualJournals, BookCollections.Items];

    private static readonly string[] Editable =
    [
        BookCollections.Invoices, BookCollections.Invoices, BookCollections.BankTransactions, BookCollections.Contacts, BookCollections.ManualJournals,
        BookCollections.Payments, BookCollections.CreditNotes, BookCollections.Accounts, BookCollections.Items,
    ];

    private static readonly string[] Deletable =
        [BookCollections.Invoices, BookCollections.Payments, BookCollections.BankTransactions, BookCollections.BankTransfers, BookCollections.ManualJournals];

    private static readonly string[] Voidable = [BookCollections.Invoices, BookCollections.Invoices, BookCollections.CreditNotes, BookCollections.ManualJournals];

    private static readonly string[] Vanishable = [BookCollections.Invoices, BookCollections.BankTransactions, BookCollections.ManualJournals];

    private static readonly string[] Archivable = [BookCollections.Contacts, BookCollections.Contacts, BookCollections.Accounts];

    public IReadOnlyList<EditDone> ApplyRandom(ulong seed, int count, EditMix mix, DateTime atUtc)
    {
        var kinds = new (EditKind Kind, int Weight)[]
        {
            (EditKind.Create, mix.Create), (EditKind.Edit, mix.Edit), (EditKind.Void, mix.Void), (EditKind.Delete, mix.Delete), (EditKind.Vanish, mix.Vanish),
            (EditKind.Archive, mix.Archive), (EditKind.Merge, mix.Merge), (EditKind.Pay, mix.Pay), (EditKind.Silent, mix.Silent),
        };
        var sum = kinds.Sum(k => k.Weight);
        var random = new Rng(seed);
        var done = new List<EditDone>(count);
        // Two runs within the same milliseconds: a record's time of last change never goes back.
        if (Journal is [.., var last] && last.AtUtc >= atUtc)
            atUtc = last.AtUtc.AddMilliseconds(1);

        // Not every draw meets a record whose state allows the edit; small books may run out of some kinds altogether.
        for (var tries = 0; done.Count < count && tries < 200 * (count + 1) && sum > 0; tries++)
        {
            var draw = random.Below(sum);
            var kind = kinds.First(k => (draw -= k.Weight) < 0).Kind;
            var edit = Choose(kind, atUtc.AddMilliseconds(done.Count), ref random);
            try
            {
                done.Add(Apply(edit));
            }
            catch (InvalidOperationException)
            {
                // The drawn record does not allow it: draw again.
            }
        }

        return done;
    }

    private BooksEdit Choose(EditKind kind, DateTime at, ref Rng random)
    {
        var names = kind switch
        {
            EditKind.Create => Creatable,
            EditKind.Void => Voidable,
            EditKind.Delete => Deletable,
            EditKind.Vanish => Vanishable,
            EditKind.Archive => Archivable,
            EditKind.Merge => [BookCollections.Contacts],
            EditKind.Pay => [BookCollections.Invoices],
            EditKind.Silent => [BookCollections.Invoices, BookCollections.BankTransactions, BookCollections.Payments],
            _ => Editable,
        };
        var name = names[random.Below(names.Length)];
        var salt = random.Next();
        if (kind == EditKind.Create)
            return new BooksEdit(kind, name, null, at, salt);
        Guid id, other;
        int slots;
        lock (_gate)
        {
            var shelf = On(name);
            slots = shelf.Slots;
            id = shelf.IdAt(random.Below(slots));
            other = shelf.IdAt(random.Below(slots));
        }

        Dictionary<string, string>? set = kind switch
        {
            EditKind.Merge => new() { ["into"] = other.ToString() },
            EditKind.Edit when name == BookCollections.Invoices && salt % 2 == 0 =>
                new() { ["UnitAmount"] = (1 + (salt % 90_000 / 100m)).ToString(CultureInfo.InvariantCulture) },
            EditKind.Silent when name == BookCollections.Invoices => new() { ["DueDate"] = DateOnly.FromDateTime(at).AddDays(40).ToString("O", CultureInfo.InvariantCulture) },
            EditKind.Silent => new() { ["IsReconciled"] = "true" },
            EditKind.Pay when salt % 3 == 0 => Half(id),
            _ => null,
        };
        return new BooksEdit(kind, name, id, at, salt, set);
    }

    private Dictionary<string, string>? Half(Guid invoice) => Find(BookCollections.Invoices, invoice) is Document { AmountDue: > 1m } found
        ? new() { ["amount"] = Company.Round(found.AmountDue / 2m).ToString(CultureInfo.InvariantCulture) }
        : null;
}
