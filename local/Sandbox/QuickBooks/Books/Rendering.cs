using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Renders what an entity's source holds as Intuit's JSON.</summary>
internal sealed partial class Rendering(CompanyBooks books, EntityBook book, LedgerSets sets, FixedEntities fixedEntities)
{
    private readonly Company _company = books.Company;

    private bool IsUs => _company.Spec.Country == "US";

    /// <summary>Null when the record went away in the meantime.</summary>
    public JsonObject? Render(string entity, long id, EntitySource source, DateTime updated)
    {
        if (source.Collection == EntitySources.Fixed)
            return fixedEntities.Render(source.Slot, book.SyncToken(entity, id), updated);
        if (source.Collection == EntitySources.LedgerOnly)
            return LedgerJournal(id, sets.All[source.Slot], updated);
        if (source.Collection.StartsWith(Attachments, StringComparison.Ordinal))
            return Attachable(id, source, updated);
        var collection = source.Collection switch
        {
            EntitySources.Applications => BookCollections.CreditNotes,
            EntityNames.Preferences => BookCollections.Organisation,
            var own => own,
        };
        var head = Json.Entity(EntityBook.Text(id), book.SyncToken(entity, id), updated, updated);
        var json = books.At(collection, source.Slot) switch
        {
            Document document => Transaction(entity, source, document, head),
            Payment payment => Payment(entity, source, payment, head),
            BagRecord bag => Bag(entity, source, bag, head),
            _ => null,
        };
        return json;
    }

    private JsonObject? Transaction(string entity, EntitySource source, Document document, JsonObject head)
    {
        Created(head, document.Date);
        return entity switch
        {
            _ when source.Collection == EntitySources.Applications => Application(entity, document, head),
            EntityNames.Invoice or EntityNames.Estimate or EntityNames.CreditMemo or EntityNames.SalesReceipt or EntityNames.RefundReceipt =>
                Sale(entity, source, document, head),
            EntityNames.Bill or EntityNames.PurchaseOrder or EntityNames.VendorCredit or EntityNames.Purchase => Purchasing(entity, source, document, head),
            EntityNames.Payment or EntityNames.BillPayment => Unapplied(entity, source, document, head),
            EntityNames.Deposit => Deposit(document, head),
            _ => null,
        };
    }

    private JsonObject? Bag(string entity, EntitySource source, BagRecord bag, JsonObject head) => entity switch
    {
        EntityNames.Customer or EntityNames.Vendor => Contact(entity, source.Slot, bag, head),
        EntityNames.Item => Item(bag, head),
        EntityNames.Account => Account(source.Slot, bag, head),
        EntityNames.Transfer => Transfer(bag, head),
        EntityNames.JournalEntry => Journal(bag, head),
        EntityNames.CompanyInfo => CompanyInfo(bag, head),
        EntityNames.Preferences => Preferences(bag, head),
        _ => null,
    };

    private static void Created(JsonObject head, DateOnly day) =>
        head["MetaData"]!["CreateTime"] = PacificTime.Second(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));

    private JsonObject ContactRef(int slot, string name) => Json.Ref(book.IdText(BookCollections.Contacts, slot), name);

    private JsonObject AccountRef(LedgerAccount account) => Json.Ref(book.IdText(BookCollections.Accounts, account.Index), account.Name);

    private static decimal Home(decimal amount, decimal rate) => rate == 1m ? amount : Company.Round(amount / rate);

    /// <summary>Currency and rate of a transaction; a company without multi-currency shows neither.</summary>
    private void Currency(JsonObject json, string currency, decimal rate)
    {
        if (!_company.Spec.MultiCurrency)
            return;
        json["CurrencyRef"] = Json.Ref(currency, FixedEntities.CurrencyName(currency));
        json["ExchangeRate"] = rate == 1m ? 1m : Math.Round(1m / rate, 9);
    }
}
