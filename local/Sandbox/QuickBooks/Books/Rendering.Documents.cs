using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Invoices and all else that has priced lines.</summary>
internal sealed partial class Rendering
{
    private JsonObject Sale(string entity, EntitySource source, Document document, JsonObject json)
    {
        var voided = document.State == "VOIDED" || book.IsVoided(source);
        Head(json, document, voided);
        json["CustomerRef"] = ContactRef(document.Contact, document.ContactName);
        if (document.DueDate is { } due && entity is EntityNames.Invoice)
        {
            json["SalesTermRef"] = FixedEntities.TermRef(due.DayNumber - document.Date.DayNumber);
            json["DueDate"] = Json.Day(due);
        }

        if (entity is EntityNames.SalesReceipt or EntityNames.RefundReceipt)
        {
            json["DepositToAccountRef"] = AccountRef(document.Bank!);
            json["PaymentMethodRef"] = FixedEntities.PaymentMethodRef(1);
        }

        if (entity == EntityNames.Estimate)
            json["TxnStatus"] = document.State == "SUBMITTED" ? "Accepted" : "Pending";
        json["Line"] = SaleLines(document, voided);
        json["TxnTaxDetail"] = TaxDetail(document, voided);
        TaxCalculation(json, document);
        Totals(json, document, voided);
        if (entity is EntityNames.Invoice or EntityNames.CreditMemo or EntityNames.SalesReceipt or EntityNames.RefundReceipt)
        {
            var due2 = voided || entity is EntityNames.SalesReceipt or EntityNames.RefundReceipt ? 0m : document.AmountDue;
            Balance(json, document, due2);
            if (entity == EntityNames.CreditMemo)
                json["RemainingCredit"] = due2;
        }

        json["ApplyTaxAfterDiscount"] = false;
        json["PrintStatus"] = "NotSet";
        json["EmailStatus"] = document.SentToContact ? "EmailSent" : "NotSet";
        if (entity == EntityNames.Invoice)
            json["LinkedTxn"] = voided ? [] : Json.Links(InvoiceLinks(document, "Payment"));
        return json;
    }

    private JsonObject Purchasing(string entity, EntitySource source, Document document, JsonObject json)
    {
        Head(json, document, voided: false);
        if (entity == EntityNames.Purchase)
        {
            json["AccountRef"] = AccountRef(document.Bank!);
            json["PaymentType"] = IsCard(document.Bank!) ? "CreditCard" : document.Reference.Length > 0 ? "Check" : "Cash";
            if (!document.NoPayee)
                json["EntityRef"] = Payee(document);
            json["Credit"] = document.IsSale;
        }
        else
        {
            json["VendorRef"] = ContactRef(document.Contact, document.ContactName);
            json["APAccountRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["800"]]);
        }

        if (document.DueDate is { } due && entity is EntityNames.Bill or EntityNames.PurchaseOrder)
        {
            if (entity == EntityNames.Bill)
                json["SalesTermRef"] = FixedEntities.TermRef(due.DayNumber - document.Date.DayNumber);
            json["DueDate"] = Json.Day(due);
        }

        if (entity == EntityNames.PurchaseOrder)
            json["POStatus"] = "Open";
        json["Line"] = ExpenseLines(document);
        json["TxnTaxDetail"] = TaxDetail(document, false);
        TaxCalculation(json, document);
        Totals(json, document, false);
        if (entity is EntityNames.Bill or EntityNames.VendorCredit)
            Balance(json, document, document.AmountDue);
        if (entity == EntityNames.Bill)
            json["LinkedTxn"] = Json.Links(InvoiceLinks(document, null));
        return json;
    }

    private JsonObject Deposit(Document document, JsonObject json)
    {
        Head(json, document, voided: false);
        json["DepositToAccountRef"] = AccountRef(document.Bank!);
        var number = 0;
        json["Line"] = Json.Array(document.Lines.Select(line =>
        {
            var detail = new JsonObject
            {
                ["Entity"] = Json.Ref(book.IdText(BookCollections.Contacts, document.Contact), document.ContactName, EntitySources.IsVendor(_company, book, document.Contact) ? "VENDOR" : "CUSTOMER"),
                ["AccountRef"] = AccountRef(line.Account),
                ["PaymentMethodRef"] = FixedEntities.PaymentMethodRef(1),
            };
            if (Class(document, line) is { } tracked)
                detail["ClassRef"] = tracked;
            if (line.Tax.Rate != 0)
                detail["TaxCodeRef"] = TaxCodeRef(line.Tax);
            return (JsonNode)Line(++number, line.Description, Net(document, line), "DepositLineDetail", detail);
        }));
        if (document.TotalTax != 0)
            json["TxnTaxDetail"] = TaxDetail(document, false);
        TaxCalculation(json, document);
        Totals(json, document, false);
        return json;
    }

    private void Head(JsonObject json, Document document, bool voided)
    {
        json["TxnDate"] = Json.Day(document.Date);
        json.Set("DocNumber", document.Number);
        Currency(json, document.Currency, document.Rate);
        json.Set("PrivateNote", !voided ? document.Reference : document.Reference.Length == 0 ? "Voided" : "Voided - " + document.Reference);
        if (Department(document) is { } department)
            json["DepartmentRef"] = department;
    }

    private void Totals(JsonObject json, Document document, bool voided)
    {
        json["TotalAmt"] = voided ? 0m : document.Total;
        if (_company.Spec.MultiCurrency)
            json["HomeTotalAmt"] = voided ? 0m : Home(document.Total, document.Rate);
    }

    private void Balance(JsonObject json, Document document, decimal due)
    {
        json["Balance"] = due;
        if (_company.Spec.MultiCurrency)
            json["HomeBalance"] = Home(due, document.Rate);
    }

    /// <summary>What settles an invoice or bill: its payments, the payments of zero that use credits, and what over- and prepayments brought.</summary>
    private IEnumerable<(string Id, string Type)> InvoiceLinks(Document document, string? type)
    {
        foreach (var part in document.Payments)
        {
            if (books.SlotOf(BookCollections.Payments, part.Id) is { } slot)
                yield return (book.IdText(BookCollections.Payments, slot), type ?? BillPaymentType(_company.Chart.Accounts[part.Bank]));
        }

        foreach (var part in document.Allocations)
            yield return (SettlementId(part), type ?? "BillPaymentCheck");
    }

    private string SettlementId(Allocation part) => part.Source switch
    {
        DocumentKind.CreditNote => books.SlotOf(BookCollections.CreditNotes, part.OtherId) is { } slot ? book.IdText(EntitySources.Applications, slot) : "",
        DocumentKind.Overpayment => books.SlotOf(BookCollections.Overpayments, part.OtherId) is { } slot ? book.IdText(BookCollections.BankTransactions, slot) : "",
        _ => books.SlotOf(BookCollections.Prepayments, part.OtherId) is { } slot
            ? book.IdText(BookCollections.BankTransactions, books.OverpaymentsGenerated + slot)
            : "",
    };

    private JsonObject Payee(Document document)
    {
        // Wages go to a person on the payroll.
        if (document.Lines[0].Account.Code == "814")
            return Json.Ref("1", FixedEntities.Employees[0].Given + " " + FixedEntities.Employees[0].Family, "Employee");
        return Json.Ref(book.IdText(BookCollections.Contacts, document.Contact), document.ContactName,
            EntitySources.IsVendor(_company, book, document.Contact) ? "Vendor" : "Customer");
    }

    private static bool IsCard(LedgerAccount account) => account.Code == "093";

    private static string BillPaymentType(LedgerAccount account) => IsCard(account) ? "BillPaymentCreditCard" : "BillPaymentCheck";
}
