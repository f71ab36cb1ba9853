using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;

namespace DataHealth.Local.Sandbox.QuickBooks.Reports;

/// <summary>Reports whose rows are transactions or accounts.</summary>
internal static class DetailReports
{
    private static readonly (string Key, string Title, string Type)[] TransactionColumns =
    [
        ("tx_date", "Date", "Date"), ("txn_type", "Transaction Type", "String"), ("doc_num", "No.", "String"), ("is_no_post", "Posting", "Boolean"), ("name", "Name", "String"),
        ("memo", "Memo/Description", "String"), ("account_name", "Account", "String"), ("other_account", "Split", "String"), ("subt_nat_amount", "Amount", "Money"),
    ];

    public static JsonObject TransactionList(RealmBooks books, EntityBook book, ReportParameters asked)
    {
        var cleared = asked["cleared"];
        if (cleared is not (null or "Reconciled" or "Cleared" or "Uncleared" or "Deposited"))
            throw new QueryException("2010", "Request has invalid or unsupported property", $"The value {cleared} of cleared is not one of Cleared, Uncleared, Reconciled, Deposited.");
        var types = asked["transaction_type"]?.Split(',').ToHashSet(StringComparer.OrdinalIgnoreCase);
        var columns = Chosen(asked, TransactionColumns);
        var rows = new List<(DateOnly Day, long Id, JsonNode Row)>();
        foreach (var entity in EntityNames.Transactions.Where(entity => types is null || types.Contains(TypeKey(entity))))
        {
            var shelf = book.On(entity);
            for (var place = 0; place < shelf.Places; place++)
            {
                if (shelf.IsGone(place) || cleared is not null && books.Cleared(shelf.SourceAt(place)) != cleared || books.DayOf(shelf.SourceAt(place)) is not { } day
                    || day < asked.Start || day > asked.End || books.Render(book, entity, place) is not { } json)
                {
                    continue;
                }

                var id = shelf.IdAt(place);
                rows.Add((day, id, ReportShape.Data(columns.Select(column => Transaction(column.Key, entity, id, json)))));
            }
        }

        return ReportShape.Report(asked, books.Company.Taxes.Currency, columns.Select(column => (JsonNode)ReportShape.Column(column.Title, column.Type, column.Key)),
            [.. rows.OrderBy(row => row.Day).ThenBy(row => row.Id).Select(row => row.Row)]);
    }

    public static JsonObject Aged(RealmBooks books, EntityBook book, ReportParameters asked, bool sales)
    {
        var date = asked.Date("report_date") ?? asked.Date("end_date") ?? books.Spec.Today;
        var period = asked["aging_period"] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 30;
        var columns = new (string Key, string Title, string Type)[]
        {
            ("tx_date", "Date", "Date"), ("txn_type", "Transaction Type", "String"), ("doc_num", "No.", "String"), (sales ? "cust_name" : "vend_name", sales ? "Customer" : "Vendor", "String"),
            ("due_date", "Due Date", "Date"), ("past_due", "Past Due", "Integer"), ("subt_amount", "Amount", "Money"), ("subt_open_bal", "Open Balance", "Money"),
        };
        var open = books.OpenItems(book, sales, date).ToList();
        var sections = new List<JsonNode>();
        foreach (var bucket in open.GroupBy(item => Bucket(date.DayNumber - (item.Due ?? item.Day).DayNumber, period)).OrderByDescending(group => group.Key))
        {
            var title = bucket.Key switch { 0 => "Current", 4 => $"{(3 * period) + 1} or more days past due", var n => $"{((n - 1) * period) + 1} - {n * period} days past due" };
            var rows = bucket.OrderBy(item => item.Day).ThenBy(item => item.Id).Select(item => (JsonNode)ReportShape.Data(
            [
                Cell.Of(item.Day), new Cell(TypeTitle(item.Entity), EntityBook.Text(item.Id)), new Cell(item.Number), new Cell(item.Name, item.NameId),
                item.Due is { } due ? Cell.Of(due) : new Cell(""), new Cell(Math.Max(0, date.DayNumber - (item.Due ?? item.Day).DayNumber).ToString(CultureInfo.InvariantCulture)),
                Cell.Of(item.Amount), Cell.Of(item.Open),
            ])).ToList();
            var blanks = Enumerable.Repeat(new Cell(""), columns.Length - 3);
            sections.Add(ReportShape.Section(null, [new Cell(title), .. Enumerable.Repeat(new Cell(""), columns.Length - 1)], rows,
                [new Cell("Total for " + title), .. blanks, Cell.Of(bucket.Sum(item => item.Amount)), Cell.Of(bucket.Sum(item => item.Open))]));
        }

        if (sections.Count > 0)
        {
            sections.Add(ReportShape.Section("GrandTotal", null, [],
                [new Cell("TOTAL"), .. Enumerable.Repeat(new Cell(""), columns.Length - 3), Cell.Of(open.Sum(item => item.Amount)), Cell.Of(open.Sum(item => item.Open))]));
        }

        return ReportShape.Report(asked, books.Company.Taxes.Currency, columns.Select(column => (JsonNode)ReportShape.Column(column.Title, column.Type, column.Key)), sections);
    }

    public static JsonObject AccountList(RealmBooks books, EntityBook book, ReportParameters asked)
    {
        var columns = Chosen(asked,
            [("account_name", "Account", "String"), ("account_type", "Type", "String"), ("detail_acc_type", "Detail type", "String"), ("account_desc", "Description", "String"), ("account_bal", "Balance", "Money")]);
        var shelf = book.On(EntityNames.Account);
        var rows = Enumerable.Range(0, shelf.Places).Where(shelf.IsActive).Select(place => books.Render(book, EntityNames.Account, place)!).Select(json => (JsonNode)ReportShape.Data(
            columns.Select(column => column.Key switch
            {
                "account_name" => new Cell((string)json["Name"]!, (string)json["Id"]!),
                "account_type" => new Cell((string)json["AccountType"]!),
                "detail_acc_type" => new Cell((string)json["AccountSubType"]!),
                "account_bal" => Cell.Of((decimal)json["CurrentBalance"]!),
                _ => new Cell(""),
            }))).ToList();
        return ReportShape.Report(asked, books.Company.Taxes.Currency, columns.Select(column => (JsonNode)ReportShape.Column(column.Title, column.Type, column.Key)), rows, dated: false);
    }

    private static Cell Transaction(string key, string entity, long id, JsonObject json) => key switch
    {
        "tx_date" => new Cell((string)json["TxnDate"]!),
        "txn_type" => new Cell(TypeTitle(entity, json), EntityBook.Text(id)),
        "doc_num" => new Cell((string?)json["DocNumber"] ?? ""),
        "is_no_post" => new Cell(entity is EntityNames.Estimate or EntityNames.PurchaseOrder ? "No" : "Yes"),
        "name" => Named(json["CustomerRef"] ?? json["VendorRef"] ?? json["EntityRef"]),
        "memo" => new Cell((string?)json["PrivateNote"] ?? ""),
        "account_name" => Named(json["DepositToAccountRef"] ?? json["AccountRef"] ?? json["APAccountRef"] ?? json["FromAccountRef"] ?? json["CheckPayment"]?["BankAccountRef"]),
        "other_account" => Named(json["ToAccountRef"]),
        _ => Cell.Of((decimal?)(json["TotalAmt"] ?? json["Amount"]) ?? 0m),
    };

    private static Cell Named(JsonNode? reference) => reference is null ? new Cell("") : new Cell((string?)reference["name"] ?? "", (string?)reference["value"]);

    private static (string Key, string Title, string Type)[] Chosen(ReportParameters asked, (string Key, string Title, string Type)[] all) =>
        asked["columns"] is { } text ? [.. text.Split(',').Select(key => all.FirstOrDefault(column => column.Key == key)).Where(column => column.Key is not null)] : all;

    private static int Bucket(int daysPast, int period) => daysPast <= 0 ? 0 : Math.Min(4, ((daysPast - 1) / period) + 1);

    /// <summary>As the parameter transaction_type spells it.</summary>
    private static string TypeKey(string entity) => entity switch
    {
        EntityNames.Payment => "ReceivePayment",
        EntityNames.RefundReceipt => "RefundReceipt",
        EntityNames.BillPayment => "BillPaymentCheck",
        EntityNames.Purchase => "CashPurchase",
        _ => entity,
    };

    private static string TypeTitle(string entity, JsonObject? json = null) => entity switch
    {
        EntityNames.SalesReceipt => "Sales Receipt",
        EntityNames.CreditMemo => "Credit Memo",
        EntityNames.RefundReceipt => "Refund",
        EntityNames.VendorCredit => "Vendor Credit",
        EntityNames.BillPayment when (string?)json?["PayType"] == "CreditCard" => "Bill Payment (Credit Card)",
        EntityNames.BillPayment => "Bill Payment (Check)",
        EntityNames.PurchaseOrder => "Purchase Order",
        EntityNames.JournalEntry => "Journal Entry",
        EntityNames.Purchase => (string?)json?["PaymentType"] switch { "Check" => "Check", "CreditCard" when (bool?)json!["Credit"] == true => "Credit Card Credit", "CreditCard" => "Credit Card Expense", _ => "Expense" },
        _ => entity,
    };
}
