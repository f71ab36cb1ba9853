using System.Text.Json;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Sandbox.Tests.Books;

internal sealed record SeenLine(string Account, string TaxType, decimal Net, decimal Tax);

internal sealed record SeenDocument(
    Guid Id, string Type, string Status, Guid Contact, DateOnly Date, DateOnly? Due, decimal Total, decimal Rate, string Number, bool HasFile, bool IsReconciled, Guid? Bank,
    decimal AmountDue, decimal Remaining, IReadOnlyList<(DateOnly Day, decimal Amount)> Settled, IReadOnlyList<SeenLine> Lines)
{
    public bool Posted => Status is "AUTHORISED" or "PAID";

    public bool IsPurchase => Type is "ACCPAY" or "SPEND";

    public bool IsTrade => Type is "ACCPAY" or "ACCREC" or "SPEND" or "RECEIVE";
}

/// <summary>A company as its Xero JSON shows it, for rules that are written as a bookkeeper would say them.</summary>
internal sealed class BookkeepersView
{
    public BookkeepersView(CompanyBooks books)
    {
        Documents =
        [
            .. new[] { (BookCollections.Invoices, "InvoiceID"), (BookCollections.CreditNotes, "CreditNoteID"), (BookCollections.Overpayments, "OverpaymentID"), (BookCollections.Prepayments, "PrepaymentID"), (BookCollections.BankTransactions, "BankTransactionID") }
                .SelectMany(kind => All(books, kind.Item1).Select(json => Document(json, kind.Item2))),
        ];
        Contacts = [.. All(books, BookCollections.Contacts).Where(json => Text(json, "ContactStatus") == "ACTIVE")];
        Accounts = [.. All(books, BookCollections.Accounts).Where(json => Text(json, "Status") == "ACTIVE")];
        Payments = [.. All(books, BookCollections.Payments).Where(json => Text(json, "Status") == "AUTHORISED")];
        Transfers = [.. All(books, BookCollections.BankTransfers).Where(json => Text(json, "Status") == "AUTHORISED")];
        Journals = [.. All(books, BookCollections.ManualJournals).Where(json => Text(json, "Status") == "POSTED")];
        Assets = [.. All(books, BookCollections.Assets)];
        AssetTypes = [.. All(books, BookCollections.AssetTypes)];
        AssetSettings = All(books, BookCollections.AssetSettings).Single();
        Organisation = All(books, BookCollections.Organisation).Single();
        Ledger = books.LedgerTruth(36);
        ClassOf = All(books, BookCollections.Accounts).ToDictionary(json => Text(json, "Code"), json => Text(json, "Class"));
        Rates = All(books, BookCollections.TaxRates).ToDictionary(json => Text(json, "TaxType"), json => json.GetProperty("EffectiveRate").GetDecimal());
    }

    public List<SeenDocument> Documents { get; }

    public List<JsonElement> Contacts { get; }

    public List<JsonElement> Accounts { get; }

    public List<JsonElement> Payments { get; }

    public List<JsonElement> Transfers { get; }

    public List<JsonElement> Journals { get; }

    public List<JsonElement> Assets { get; }

    public List<JsonElement> AssetTypes { get; }

    public JsonElement AssetSettings { get; }

    public JsonElement Organisation { get; }

    public LedgerTruth Ledger { get; }

    public Dictionary<string, string> ClassOf { get; }

    public Dictionary<string, decimal> Rates { get; }

    public static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public static DateOnly Day(JsonElement json, string name)
    {
        var text = Text(json, name);
        return text.StartsWith("/Date(", StringComparison.Ordinal)
            ? DateOnly.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(long.Parse(text[6..text.IndexOf('+', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)))
            : DateOnly.Parse(text[..10], System.Globalization.CultureInfo.InvariantCulture);
    }

    public decimal Balance(string code, DateOnly monthEnd) => Ledger.Months.Single(month => month.Day == monthEnd).Accounts.SingleOrDefault(account => account.Code == code)?.Balance ?? 0m;

    private static IEnumerable<JsonElement> All(CompanyBooks books, string collection) =>
        books.Query(collection, GeneratedCompanySpecs.All).Records.Select(record => JsonDocument.Parse(GeneratedCompanySpecs.Text(record)).RootElement);

    private static SeenDocument Document(JsonElement json, string id)
    {
        var inclusive = Text(json, "LineAmountTypes") == "Inclusive";
        var settled = new List<(DateOnly, decimal)>();
        foreach (var (list, amount) in new[] { ("Payments", "Amount"), ("CreditNotes", "AppliedAmount"), ("Overpayments", "AppliedAmount"), ("Prepayments", "AppliedAmount") })
        {
            if (json.TryGetProperty(list, out var parts))
                settled.AddRange(parts.EnumerateArray().Select(part => (Day(part, "Date"), part.GetProperty(amount).GetDecimal())));
        }

        return new SeenDocument(
            json.GetProperty(id).GetGuid(), Text(json, "Type"), Text(json, "Status"), json.GetProperty("Contact").GetProperty("ContactID").GetGuid(), Day(json, "Date"),
            json.TryGetProperty("DueDate", out _) ? Day(json, "DueDate") : null, json.GetProperty("Total").GetDecimal(), Number(json, "CurrencyRate") is { } rate and not 0 ? rate : 1m,
            Text(json, "InvoiceNumber"), Flag(json, "HasAttachments"), Flag(json, "IsReconciled"),
            json.TryGetProperty("BankAccount", out var bank) ? bank.GetProperty("AccountID").GetGuid() : null, Number(json, "AmountDue") ?? 0m, Number(json, "RemainingCredit") ?? 0m, settled,
            [
                .. json.GetProperty("LineItems").EnumerateArray().Select(line => new SeenLine(Text(line, "AccountCode"), Text(line, "TaxType"),
                    line.GetProperty("LineAmount").GetDecimal() - (inclusive ? line.GetProperty("TaxAmount").GetDecimal() : 0m), line.GetProperty("TaxAmount").GetDecimal())),
            ]);
    }

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static decimal? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDecimal() : null;
}
