using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Sandbox.Tests.QuickBooks;

/// <summary>The postings of an entity of a company with one currency, as a bookkeeper reads them from its JSON alone: debits are positive, the tax account apart.</summary>
internal sealed class Postings(RealmBooks books)
{
    private readonly string _receivable = Account(books, "AccountsReceivable");
    private readonly string _payable = Account(books, "AccountsPayable");

    public string Tax { get; } = Account(books, "GlobalTaxPayable");

    public void Of(string entity, JsonObject json, Action<string, decimal> post)
    {
        switch (entity)
        {
            case EntityNames.Invoice:
                Document(json, 1, _receivable, post);
                break;
            case EntityNames.CreditMemo:
                Document(json, -1, _receivable, post);
                break;
            case EntityNames.SalesReceipt:
                Document(json, 1, Ref(json["DepositToAccountRef"]), post);
                break;
            case EntityNames.RefundReceipt:
                Document(json, -1, Ref(json["DepositToAccountRef"]), post);
                break;
            case EntityNames.Deposit:
                Document(json, 1, Ref(json["DepositToAccountRef"]), post);
                break;
            case EntityNames.Bill:
                Document(json, -1, _payable, post);
                break;
            case EntityNames.VendorCredit:
                Document(json, 1, _payable, post);
                break;
            case EntityNames.Purchase:
                Document(json, (bool?)json["Credit"] == true ? 1 : -1, Ref(json["AccountRef"]), post);
                break;
            case EntityNames.Payment when json["DepositToAccountRef"] is { } bank:
                post(Ref(bank), Total(json));
                post(_receivable, -Total(json));
                break;
            case EntityNames.BillPayment when Total(json) != 0:
                post(Ref(json["CheckPayment"]?["BankAccountRef"] ?? json["CreditCardPayment"]?["CCAccountRef"]), -Total(json));
                post(_payable, Total(json));
                break;
            case EntityNames.Transfer:
                post(Ref(json["ToAccountRef"]), (decimal)json["Amount"]!);
                post(Ref(json["FromAccountRef"]), -(decimal)json["Amount"]!);
                break;
            case EntityNames.JournalEntry:
                foreach (var line in json["Line"]!.AsArray())
                {
                    var detail = line!["JournalEntryLineDetail"]!;
                    post(Ref(detail["AccountRef"]), (decimal)line["Amount"]! * ((string)detail["PostingType"]! == "Debit" ? 1 : -1));
                }

                break;
            default:
                break;
        }
    }

    private static void Document(JsonObject json, int side, string control, Action<string, decimal> post)
    {
        post(control, side * Total(json));
        foreach (var line in json["Line"]!.AsArray().Where(line => (string)line!["DetailType"]! != "SubTotalLineDetail"))
        {
            var detail = line![(string)line["DetailType"]!]!;
            post(Ref(detail["ItemAccountRef"] ?? detail["AccountRef"]), -side * (decimal)line["Amount"]!);
        }
    }

    private static decimal Total(JsonObject json) => (decimal)json["TotalAmt"]!;

    private static string Ref(JsonNode? reference) => (string)reference!["value"]!;

    private static string Account(RealmBooks books, string subType) => books.CanonicalRecords(EntityNames.Account, false, false)
        .Select(record => JsonNode.Parse(record.Json)!).Where(account => (string)account["AccountSubType"]! == subType).Select(account => (string)account["Id"]!).Single();
}
