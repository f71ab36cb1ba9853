using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Payments of every kind, transfers and journals.</summary>
internal sealed partial class Rendering
{
    private JsonObject Payment(string entity, EntitySource source, Payment payment, JsonObject json)
    {
        var voided = book.IsVoided(source);
        var slot = books.SlotOf(BookCollections.Invoices, payment.InvoiceId);
        var contact = slot is { } at && books.At(BookCollections.Invoices, at) is Document invoice ? invoice.Contact : 0;
        var links = slot is { } found ? Json.Links([(book.IdText(BookCollections.Invoices, found), payment.IsSale ? "Invoice" : "Bill")]) : [];
        return Settling(entity, json, new Settlement(payment.Part.Date, payment.Reference, payment.Currency, payment.Part.Rate, contact, payment.ContactName, payment.Bank,
            payment.Part.Amount, 0m, [(payment.Part.Amount, links)]), voided);
    }

    /// <summary>An over- or prepayment: what it was used for, and the rest.</summary>
    private JsonObject Unapplied(string entity, EntitySource source, Document entry, JsonObject json)
    {
        var over = entry.Type.EndsWith("OVERPAYMENT", StringComparison.Ordinal);
        var collection = over ? BookCollections.Overpayments : BookCollections.Prepayments;
        var credit = books.SlotOf(collection, entry.Brought!.Value) is { } slot ? books.At(collection, slot) as Document : null;
        var lines = (credit?.Allocations ?? []).Select(part => (part.Amount, Json.Links([(
            books.SlotOf(BookCollections.Invoices, part.OtherId) is { } invoice ? book.IdText(BookCollections.Invoices, invoice) : "", entry.IsSale ? "Invoice" : "Bill")]))).ToList();
        return Settling(entity, json, new Settlement(entry.Date, entry.Reference, entry.Currency, entry.Rate, entry.Contact, entry.ContactName, entry.Bank!, entry.Total,
            entry.Total - lines.Sum(line => line.Amount), lines), book.IsVoided(source));
    }

    /// <summary>The use of a credit: a payment of zero that names both sides.</summary>
    private JsonObject Application(string entity, Document credit, JsonObject json)
    {
        var part = credit.Allocations[0];
        Created(json, part.Date);
        var invoice = books.SlotOf(BookCollections.Invoices, part.OtherId) is { } slot ? book.IdText(BookCollections.Invoices, slot) : "";
        var own = books.SlotOf(BookCollections.CreditNotes, credit.Id) is { } place ? book.IdText(BookCollections.CreditNotes, place) : "";
        return Settling(entity, json, new Settlement(part.Date, "", credit.Currency, credit.Rate, credit.Contact, credit.ContactName, null, 0m, 0m,
        [
            (part.Amount, Json.Links([(invoice, credit.IsSale ? "Invoice" : "Bill")])),
            (part.Amount, Json.Links([(own, credit.IsSale ? "CreditMemo" : "VendorCredit")])),
        ]), false);
    }

    private JsonObject Settling(string entity, JsonObject json, Settlement of, bool voided)
    {
        var sale = entity == EntityNames.Payment;
        json["TxnDate"] = Json.Day(of.Date);
        Currency(json, of.Currency, of.Rate);
        json.Set("PrivateNote", !voided ? of.Note : of.Note.Length == 0 ? "Voided" : "Voided - " + of.Note);
        json[sale ? "CustomerRef" : "VendorRef"] = ContactRef(of.Contact, of.Name);
        if (sale)
        {
            if (of.Bank is not null)
                json["DepositToAccountRef"] = AccountRef(of.Bank);
            json["PaymentMethodRef"] = FixedEntities.PaymentMethodRef(of.Note == "BACS" ? 4 : 1);
            json["UnappliedAmt"] = voided ? 0m : of.Unapplied;
            json["ProcessPayment"] = false;
            json["ARAccountRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["610"]]);
        }
        else if (of.Bank is { } bank && IsCard(bank))
        {
            json["PayType"] = "CreditCard";
            json["CreditCardPayment"] = new JsonObject { ["CCAccountRef"] = AccountRef(bank) };
        }
        else
        {
            json["PayType"] = "Check";
            json["CheckPayment"] = new JsonObject { ["BankAccountRef"] = AccountRef(of.Bank ?? _company.Chart.Accounts[_company.Chart["090"]]), ["PrintStatus"] = "NotSet" };
            json["APAccountRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["800"]]);
        }

        json["TotalAmt"] = voided ? 0m : of.Amount;
        json["LinkedTxn"] = new JsonArray();
        json["Line"] = Json.Array(of.Lines.Where(line => !voided && line.Links.Count > 0).Select(line => (JsonNode)new JsonObject { ["Amount"] = line.Amount, ["LinkedTxn"] = line.Links }));
        return json;
    }

    private JsonObject Transfer(BagRecord bag, JsonObject json)
    {
        var day = (DateOnly)bag.Fields["Date"]!;
        Created(json, day);
        json["TxnDate"] = Json.Day(day);
        Currency(json, _company.Taxes.Currency, 1m);
        json.Set("PrivateNote", bag.Fields["Reference"] as string);
        json["FromAccountRef"] = AccountRef(AccountOf((Bag)bag.Fields["FromBankAccount"]!));
        json["ToAccountRef"] = AccountRef(AccountOf((Bag)bag.Fields["ToBankAccount"]!));
        json["Amount"] = ((Fixed)bag.Fields["Amount"]!).Value;
        return json;
    }

    private JsonObject Journal(BagRecord bag, JsonObject json)
    {
        var day = (DateOnly)bag.Fields["Date"]!;
        var lines = ((object[])bag.Fields["JournalLines"]!).Cast<Bag>()
            .Select(line => ((string)line["Description"]!, ((Fixed)line["LineAmount"]!).Value, AccountOf(line)));
        return JournalEntry(json, day, (string?)bag.Fields["Narration"] ?? "", lines);
    }

    private JsonObject LedgerJournal(long id, LedgerSet set, DateTime updated) => JournalEntry(
        Json.Entity(EntityBook.Text(id), book.SyncToken(EntityNames.JournalEntry, id), updated, updated), set.Day, set.Note,
        set.Postings.SelectMany(posting => new[]
        {
            (set.Note, posting.Amount, _company.Chart.Accounts[_company.Chart[posting.Debit]]), (set.Note, -posting.Amount, _company.Chart.Accounts[_company.Chart[posting.Credit]]),
        }));

    private JsonObject JournalEntry(JsonObject json, DateOnly day, string note, IEnumerable<(string Text, decimal Amount, LedgerAccount Account)> postings)
    {
        Created(json, day);
        json["TxnDate"] = Json.Day(day);
        json["Adjustment"] = false;
        Currency(json, _company.Taxes.Currency, 1m);
        json.Set("PrivateNote", note);
        var number = 0;
        var total = 0m;
        json["Line"] = Json.Array(postings.Select(posting =>
        {
            total += Math.Max(0m, posting.Amount);
            var detail = new JsonObject { ["PostingType"] = posting.Amount < 0 ? "Credit" : "Debit", ["AccountRef"] = AccountRef(posting.Account) };
            if (posting.Account.Class is "EXPENSE" or "REVENUE")
                detail["ClassRef"] = fixedEntities.ClassRef(_company.TrackingOf(posting.Account.Index % 5));
            return (JsonNode)Line(++number, posting.Text, Math.Abs(posting.Amount), "JournalEntryLineDetail", detail);
        }).ToList());
        json["TotalAmt"] = total;
        return json;
    }

    private LedgerAccount AccountOf(Bag bag) => _company.Chart.Accounts[books.SlotOf(BookCollections.Accounts, (Guid)bag["AccountID"]!)!.Value];

    private sealed record Settlement(
        DateOnly Date, string Note, string Currency, decimal Rate, int Contact, string Name, LedgerAccount? Bank, decimal Amount, decimal Unapplied,
        IReadOnlyList<(decimal Amount, JsonArray Links)> Lines);
}
