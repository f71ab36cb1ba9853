using System.Globalization;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

public sealed partial class RealmBooks
{
    private static readonly string[] Creatable =
    [
        EntityNames.Invoice, EntityNames.Invoice, EntityNames.Bill, EntityNames.Purchase, EntityNames.SalesReceipt, EntityNames.JournalEntry, EntityNames.Customer, EntityNames.Vendor,
        EntityNames.Item,
    ];

    private static readonly string[] Editable =
    [
        EntityNames.Invoice, EntityNames.Invoice, EntityNames.Bill, EntityNames.Purchase, EntityNames.SalesReceipt, EntityNames.Customer, EntityNames.Vendor, EntityNames.JournalEntry,
        EntityNames.Payment, EntityNames.BillPayment, EntityNames.CreditMemo, EntityNames.VendorCredit, EntityNames.Account, EntityNames.Item, EntityNames.Transfer, EntityNames.Deposit,
    ];

    private static readonly string[] Deletable =
    [
        EntityNames.Invoice, EntityNames.Bill, EntityNames.Payment, EntityNames.BillPayment, EntityNames.Purchase, EntityNames.SalesReceipt, EntityNames.Transfer,
        EntityNames.JournalEntry, EntityNames.Estimate, EntityNames.PurchaseOrder, EntityNames.Deposit,
    ];

    private static readonly string[] Archivable = [EntityNames.Customer, EntityNames.Vendor, EntityNames.Account];

    /// <summary>Chooses and carries out <paramref name="count"/> edits from a seed; the same books and arguments give the same edits.</summary>
    public IReadOnlyList<EntityEditDone> ApplyRandom(ulong seed, int count, EditMix mix, DateTime atUtc)
    {
        var kinds = new (EditKind Kind, int Weight)[]
        {
            (EditKind.Create, mix.Create), (EditKind.Edit, mix.Edit), (EditKind.Void, mix.Void), (EditKind.Delete, mix.Delete), (EditKind.Vanish, mix.Vanish),
            (EditKind.Archive, mix.Archive), (EditKind.Merge, mix.Merge), (EditKind.Pay, mix.Pay), (EditKind.Silent, mix.Silent),
        };
        var sum = kinds.Sum(k => k.Weight);
        var random = new Rng(seed);
        var done = new List<EntityEditDone>(count);
        _lock.EnterWriteLock();
        try
        {
            // A record's time of last change never goes back.
            if (_journal is [.., var last] && last.AtUtc >= atUtc)
                atUtc = last.AtUtc.AddMilliseconds(1);
            for (var tries = 0; done.Count < count && tries < 200 * (count + 1) && sum > 0; tries++)
            {
                var draw = random.Below(sum);
                var kind = kinds.First(k => (draw -= k.Weight) < 0).Kind;
                var edit = Choose(kind, atUtc.AddMilliseconds(done.Count), ref random);
                try
                {
                    if (edit is not null)
                        done.Add(Apply(edit));
                }
                catch (InvalidOperationException)
                {
                    // The drawn record does not allow it: draw again.
                }
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }

        return done;
    }

    private EntityEdit? Choose(EditKind kind, DateTime at, ref Rng random)
    {
        string[] names = kind switch
        {
            EditKind.Create => Creatable,
            EditKind.Void => [EntityNames.Invoice, EntityNames.Invoice, EntityNames.Payment, EntityNames.SalesReceipt],
            EditKind.Delete or EditKind.Vanish => Deletable,
            EditKind.Archive => Archivable,
            EditKind.Merge => [EntityNames.Customer, EntityNames.Vendor],
            EditKind.Pay => [EntityNames.Invoice, EntityNames.Bill],
            EditKind.Silent => [EntityNames.Purchase, EntityNames.SalesReceipt, EntityNames.Payment, EntityNames.BillPayment],
            _ => Editable,
        };
        var entity = names[random.Below(names.Length)];
        var salt = random.Next();
        if (kind == EditKind.Create)
            return new EntityEdit(kind, entity, null, at, salt);
        if (Draw(entity, ref random) is not { } id || Draw(entity, ref random) is not { } other)
            return null;
        Dictionary<string, string>? set = kind switch
        {
            EditKind.Merge => new() { ["into"] = other },
            EditKind.Edit when entity is EntityNames.Invoice or EntityNames.Bill && salt % 2 == 0 =>
                new() { ["UnitPrice"] = (1 + (salt % 90_000 / 100m)).ToString(CultureInfo.InvariantCulture) },
            _ => null,
        };
        return new EntityEdit(kind, entity, id, at, salt, set);
    }

    private string? Draw(string entity, ref Rng random)
    {
        var shelf = _book.On(entity);
        if (shelf.Count == 0)
            return null;
        var place = random.Below(shelf.Places);
        return shelf.IsGone(place) ? null : EntityBook.Text(shelf.IdAt(place));
    }
}
