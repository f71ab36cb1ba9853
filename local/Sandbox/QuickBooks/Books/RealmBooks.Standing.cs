using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Something not settled yet on a day, in home currency; credits and what payments have left are negative.</summary>
internal sealed record OpenItem(string Entity, long Id, DateOnly Day, DateOnly? Due, string Number, string NameId, string Name, decimal Amount, decimal Open);

/// <summary>What reports need to know of a record without rendering it.</summary>
public sealed partial class RealmBooks
{
    /// <summary>Reconciled, Cleared (matched by the bank feed, not reconciled yet) or Uncleared; what touches no bank is uncleared.</summary>
    internal string Cleared(EntitySource source)
    {
        var reconciled = Beneath(source) switch
        {
            Document document => document.IsReconciled,
            Payment payment => payment.IsReconciled,
            BagRecord bag => bag.Fields["FromIsReconciled"] is true && bag.Fields["ToIsReconciled"] is true,
            _ => false,
        };
        // The use of a credit moves no money, so that there is nothing to find on a statement.
        if (reconciled || source.Collection == EntitySources.Applications)
            return "Reconciled";
        var recent = DayOf(source) > _company.LastDay.AddDays(-10);
        return source.Collection is BookCollections.BankTransactions or BookCollections.Payments && recent && source.Slot % 3 == 0 ? "Cleared" : "Uncleared";
    }

    internal DateOnly? DayOf(EntitySource source) => source.Collection == EntitySources.LedgerOnly ? _sets.All[source.Slot].Day : Beneath(source) switch
    {
        Document document when source.Collection == EntitySources.Applications => document.Allocations[0].Date,
        Document document => document.Date,
        Payment payment => payment.Part.Date,
        BagRecord bag => bag.Fields["Date"] as DateOnly?,
        _ => null,
    };

    internal IEnumerable<OpenItem> OpenItems(EntityBook book, bool sales, DateOnly on)
    {
        foreach (var collection in new[] { BookCollections.Invoices, BookCollections.CreditNotes, BookCollections.Overpayments, BookCollections.Prepayments })
        {
            for (var slot = 0; slot < _books.SlotsOf(collection); slot++)
            {
                if (_books.At(collection, slot) is not Document { State: "AUTHORISED" or "PAID" } document || document.IsSale != sales || document.Date > on)
                    continue;
                var settled = document.Payments.Where(part => part.Date <= on).Sum(part => part.Amount) + document.Allocations.Where(part => part.Date <= on).Sum(part => part.Amount);
                var open = document.Total - settled;
                if (open == 0)
                    continue;
                var source = collection switch
                {
                    BookCollections.Overpayments => new EntitySource(BookCollections.BankTransactions, slot),
                    BookCollections.Prepayments => new EntitySource(BookCollections.BankTransactions, _books.OverpaymentsGenerated + slot),
                    _ => new EntitySource(collection, slot),
                };
                var (entity, id) = book.Of(source);
                var sign = document.Kind == DocumentKind.Invoice ? 1 : -1;
                yield return new OpenItem(entity ?? "", id, document.Date, document.DueDate, document.Number, book.IdText(BookCollections.Contacts, document.Contact), document.ContactName,
                    sign * Home(document.Total, document.Rate), sign * Home(open, document.Rate));
            }
        }
    }

    private static decimal Home(decimal amount, decimal rate) => rate == 1m ? amount : Company.Round(amount / rate);

    private BookRecord? Beneath(EntitySource source) => source.Collection switch
    {
        EntitySources.Fixed or EntitySources.LedgerOnly => null,
        EntitySources.Applications => _books.At(BookCollections.CreditNotes, source.Slot),
        _ => _books.At(source.Collection, source.Slot),
    };
}
