using System.Globalization;
using System.Runtime.CompilerServices;
using DataHealth.Core.Health;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Providers.Xero;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Health;

/// <summary>A book of <c>Books/</c>, read from the tables that a bookkeeper reads.</summary>
internal sealed class WrittenBook : ILedgerReader
{
    private readonly List<LedgerRecord> _records = [];
    private readonly Dictionary<string, List<Dictionary<string, string>>> _tables;
    private readonly bool _isXero;
    private readonly int _shuffle;

    private WrittenBook(Dictionary<string, List<Dictionary<string, string>>> tables, bool asSeenBefore, int shuffle)
    {
        _tables = tables;
        _shuffle = shuffle;
        _isXero = Field("Organisation", "provider") == "xero";
        Capabilities = _isXero ? CapabilitiesOfXero : CapabilitiesOfQuickBooks;
        Read(asSeenBefore);
    }

    private static IReadOnlySet<Capability> CapabilitiesOfXero { get; } = new XeroProvider(Options.Create(new XeroOptions()), null!, () => null!).Capabilities;

    private static IReadOnlySet<Capability> CapabilitiesOfQuickBooks { get; } = new QuickBooksProvider(Options.Create(new QuickBooksOptions()), null!, () => null!).Capabilities;

    public IReadOnlySet<Capability> Capabilities { get; }

    public IReadOnlyList<LedgerRecord> Records => _records;

    public IReadOnlyDictionary<string, string> Settings =>
        Table("Settings").ToDictionary(row => row["check"], row => row["settings"]).Concat(Returns()).ToDictionary(one => one.Key, one => one.Value);

    public IReadOnlyList<(string Check, string[] About, string Verdict, string Why)> Labels =>
        [.. Table("Labels").Select(row => (row["check"], row["about"].Split(' ', StringSplitOptions.RemoveEmptyEntries), row["verdict"], row["why"]))];

    public static WrittenBook Open(string name, bool asSeenBefore = false, int shuffle = 0) =>
        new(Parse(File.ReadAllLines(Path.Combine(Folder(), "Books", name + ".md"))), asSeenBefore, shuffle);

    public Uri? PageOf(RecordRef record, string? shortCode) => _isXero ? XeroAddresses.Of(record, shortCode) : QuickBooksAddresses.Of(record);

    public Task<string?> OrganisationAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<IReadOnlyList<DatasetCoverage>> CoverageAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DatasetCoverage>>([new DatasetCoverage("book", "The book", Enum.GetValues<LedgerPart>(), new DateTimeOffset(2026, 4, 6, 0, 0, 0, TimeSpan.Zero))]);

    public async IAsyncEnumerable<LedgerRecord> ReadAsync(IReadOnlySet<LedgerPart> parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var random = new Random(_shuffle);
        foreach (var part in _records.Where(record => parts.Contains(HealthEngine.PartOf(record))).GroupBy(Rank).OrderBy(part => part.Key))
        {
            foreach (var record in _shuffle == 0 ? part.AsEnumerable() : part.OrderBy(_ => random.Next()))
                yield return record;
        }
    }

    public static int Rank(LedgerRecord record) => record switch
    {
        Organisation => 1,
        LedgerAccount => 2,
        TaxRate => 3,
        Item or LedgerClearance or ClearanceWindow => 4,
        Asset or AssetType or AssetSettings => 5,
        LedgerContact => 6,
        LedgerDocument => 7,
        LedgerPayment or LedgerCreditUse => 8,
        LedgerBankEntry => 9,
        LedgerTransfer => 10,
        LedgerJournal => 11,
        _ => 12,
    };

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;

    private IEnumerable<KeyValuePair<string, string>> Returns() => Table("Filed returns") is { Count: > 0 } rows
        ? [new("filed-return-drift", $"{{\"returns\":[{string.Join(',', rows.Select(row => $"{{\"from\":\"{row["from"]}\",\"to\":\"{row["to"]}\",\"filedOn\":\"{row["filed"]}\"}}"))}]}}")]
        : [];

    private void Read(bool asSeenBefore)
    {
        var currency = Field("Organisation", "currency");
        var locks = asSeenBefore && _tables.ContainsKey("Lock seen before") ? "Lock seen before" : "Organisation";
        var yearEnd = Field("Organisation", "year end").Split(' ');
        _records.Add(new Organisation
        {
            Id = "organisation",
            Name = "The book",
            BaseCurrency = currency,
            Country = Field("Organisation", "country"),
            ShortCode = Field("Organisation", "short code") is { Length: > 0 } code ? code : null,
            YearEndDay = int.TryParse(yearEnd[0], CultureInfo.InvariantCulture, out var day) ? day : null,
            YearEndMonth = int.Parse(yearEnd[1], CultureInfo.InvariantCulture),
            PeriodLock = Day(Field(locks, "period lock")),
            YearEndLock = Day(Field(locks, "year-end lock")),
            SalesTaxBasis = "ACCRUALS",
            PaysTax = true,
        });
        foreach (var row in Table("Accounts"))
            _records.Add(Account(row));
        foreach (var row in Table("Tax rates"))
        {
            _records.Add(new TaxRate
            {
                Id = row["code"],
                TaxType = row["code"],
                Name = row["name"],
                Activity = LedgerActivity.Active,
                EffectiveRate = Number(row["rate"]),
                ForRevenue = row["for"].Contains("revenue", StringComparison.Ordinal),
                ForExpenses = row["for"].Contains("expenses", StringComparison.Ordinal),
            });
        }
        foreach (var row in Table("Contacts"))
            _records.Add(Contact(row));
        var before = asSeenBefore ? Table("Seen before") : [];
        var replaced = before.Where(row => row["id"].Length > 0).Select(row => row["id"]).ToHashSet();
        Documents(Table("Documents").Where(row => !replaced.Contains(row["id"])).Concat(before), currency);
        foreach (var row in Table("Bank entries"))
            _records.Add(Entry(row, currency));
        Journals();
        foreach (var row in Table("Balances"))
            _records.Add(Balance(row["account"], BalanceKind.Balance, null, Day(row["date"])!.Value, Number(row["amount"])));
        foreach (var row in Table("Movements"))
            _records.Add(Balance(row["account"], BalanceKind.Movement, Day(row["from"]), Day(row["to"])!.Value, Number(row["amount"])));
        Assets();
    }

    private static LedgerAccount Account(Dictionary<string, string> row) => new()
    {
        Id = row["code"],
        Code = row["code"],
        Name = row["name"],
        Class = Enum.Parse<AccountClass>(row["class"]),
        Type = row["type"],
        Activity = LedgerActivity.Active,
        TaxType = row["tax"].Length > 0 ? row["tax"] : null,
        SystemRole = Note(row, "role"),
        IsBankAccount = row["type"] is "BANK" or "Bank" or "Credit Card",
        BankKind = row["type"] == "Credit Card" || row["note"] == "card" ? BankAccountKind.CreditCard : row["type"] is "BANK" or "Bank" ? BankAccountKind.Bank : BankAccountKind.None,
        Currency = Note(row, "currency"),
    };

    private static LedgerContact Contact(Dictionary<string, string> row)
    {
        var defaults = new ContactDefaults(Given(row["default account"]), Given(row["default tax"]), TaxTreatment.Unknown, null, null);
        return new LedgerContact
        {
            Id = row["id"],
            Name = Given(row["name"]),
            Activity = LedgerActivity.Active,
            Email = Given(row["e-mail"]),
            TaxNumber = Given(row["tax number"]),
            BankDetails = Given(row["bank"]),
            IsCustomer = row["is"] == "customer",
            IsSupplier = row["is"] == "supplier",
            Sales = row["is"] == "customer" ? defaults : ContactDefaults.None,
            Purchases = row["is"] == "supplier" ? defaults : ContactDefaults.None,
        };
    }

    private void Documents(IEnumerable<Dictionary<string, string>> rows, string currency)
    {
        foreach (var group in Grouped(rows))
        {
            var head = group[0];
            var lines = group.ConvertAll(Line);
            var (money, rate) = Rate(head, currency);
            var (gross, date) = (lines.Sum(line => line.Net + line.Tax!.Value), Day(head["date"])!.Value);
            var kind = head["kind"] switch { "invoice" => DocumentKind.SalesInvoice, "bill" => DocumentKind.Bill, "credit" => DocumentKind.SalesCreditNote, var other => throw new FormatException(other) };
            List<(decimal Amount, DateOnly Date)> payments = [];
            if (Note(head, "paid") is { } paid)
                payments.Add((gross, Day(paid)!.Value));
            if (Note(head, "part")?.Split(' ') is [var amount, var on])
                payments.Add((Number(amount), Day(on)!.Value));
            var left = Note(head, "left") is { } rest ? Number(rest) : gross - payments.Sum(payment => payment.Amount);
            _records.Add(new LedgerDocument
            {
                Id = head["id"],
                Kind = kind,
                Status = Has(head, "draft") ? LedgerStatus.Draft : Has(head, "voided") ? LedgerStatus.Voided : left == 0m ? LedgerStatus.Paid : LedgerStatus.Posted,
                Number = Note(head, "no") is { } number && number != "file" ? number : null,
                ContactId = Given(head["contact"]),
                ContactName = Name(head["contact"]),
                Date = date,
                DueDate = Day(head["due"]),
                Currency = money,
                CurrencyRate = rate,
                Net = lines.Sum(line => line.Net),
                Tax = lines.Sum(line => line.Tax!.Value),
                Gross = gross,
                Outstanding = left,
                Lines = lines,
                HasAttachments = !Has(head, "no file"),
            });
            _records.AddRange(payments.Select((payment, at) => new LedgerPayment
            {
                Id = $"pay-{head["id"]}-{at}",
                Settles = kind,
                Direction = kind == DocumentKind.Bill ? MoneyDirection.Out : MoneyDirection.In,
                Status = LedgerStatus.Posted,
                Date = payment.Date,
                Amount = payment.Amount,
                CurrencyRate = rate,
                AccountId = _isXero ? "090" : "35",
                DocumentId = head["id"],
                ContactId = Given(head["contact"]),
                IsReconciled = true,
            }));
        }
    }

    private LedgerBankEntry Entry(Dictionary<string, string> row, string currency)
    {
        var (money, rate) = Rate(row, currency);
        var line = Line(row);
        return new LedgerBankEntry
        {
            Id = row["id"],
            Direction = row["way"] == "in" ? MoneyDirection.In : MoneyDirection.Out,
            Kind = BankEntryKind.Direct,
            Status = Has(row, "voided") ? LedgerStatus.Voided : LedgerStatus.Posted,
            Date = Day(row["date"]),
            BankAccountId = row["bank"],
            ContactId = Given(row["contact"]),
            ContactName = Name(row["contact"]),
            Currency = money,
            CurrencyRate = rate,
            Net = line.Net,
            Tax = line.Tax!.Value,
            Gross = line.Net + line.Tax!.Value,
            Lines = [line],
            IsReconciled = !Has(row, "unreconciled"),
            HasAttachments = !Has(row, "no file"),
        };
    }

    private void Journals()
    {
        foreach (var group in Grouped(Table("Journals")))
        {
            _records.Add(new LedgerJournal
            {
                Id = group[0]["id"],
                Status = LedgerStatus.Posted,
                Date = Day(group[0]["date"]),
                Narration = group[0]["text"],
                Lines = group.ConvertAll(row => new LedgerLine { AccountId = row["account"], AccountCode = row["account"], Net = Number(row["net"]), Tax = 0m }),
            });
        }
    }

    private void Assets()
    {
        foreach (var row in Table("Assets"))
        {
            _records.Add(new Asset
            {
                Id = row["id"],
                Name = row["name"],
                TypeId = row["type"],
                Status = Enum.Parse<AssetStatus>(row["status"]),
                Cost = Number(row["cost"]),
                CurrentDepreciation = Number(row["depreciation"]),
                BoughtOn = Day(row["bought"]),
            });
        }
        foreach (var row in Table("Asset types"))
            _records.Add(new AssetType { Id = row["id"], Name = row["name"], CostAccountId = row["cost"], AccumulatedAccountId = row["accumulated"], ExpenseAccountId = row["expense"] });
        if (_tables.ContainsKey("Asset settings"))
            _records.Add(new AssetSettings { Id = "settings", DepreciatedTo = Day(Field("Asset settings", "depreciated to")) });
    }

    private static LedgerLine Line(Dictionary<string, string> row) => new()
    {
        AccountId = row["account"],
        AccountCode = row["account"],
        Net = Number(row["net"]),
        Tax = Number(row["tax"]),
        TaxType = Given(row["code"]),
        Tracking = Has(row, "class") ? [new TrackingValue("Class", "Class", "1", "Workshop")] : [],
    };

    private static AccountBalance Balance(string account, BalanceKind kind, DateOnly? from, DateOnly asOf, decimal amount) =>
        new() { Id = $"{kind}-{account}-{asOf}", AccountId = account, Kind = kind, Report = kind == BalanceKind.Movement ? BalanceReport.ProfitAndLoss : BalanceReport.BalanceSheet, From = from, AsOf = asOf, Amount = amount, WindowEnd = new DateOnly(2026, 3, 31) };

    private string Name(string contact) => Table("Contacts").FirstOrDefault(row => row["id"] == contact)?["name"] ?? "";

    private static (string Currency, decimal Rate) Rate(Dictionary<string, string> row, string currency) =>
        Note(row, "USD") is { } dollars ? ("USD", Number(dollars)) : Note(row, "EUR") is { } euros ? ("EUR", Number(euros)) : (currency, 1m);

    private static IEnumerable<List<Dictionary<string, string>>> Grouped(IEnumerable<Dictionary<string, string>> rows)
    {
        List<Dictionary<string, string>> group = [];
        foreach (var row in rows)
        {
            if (row["id"].Length > 0 && group.Count > 0)
            {
                yield return group;
                group = [];
            }
            group.Add(row);
        }
        if (group.Count > 0)
            yield return group;
    }

    private static string[] Notes(Dictionary<string, string> row) => row["note"].Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool Has(Dictionary<string, string> row, string note) => Notes(row).Contains(note);

    private static string? Note(Dictionary<string, string> row, string word) => Notes(row).FirstOrDefault(note => note.StartsWith(word + " ", StringComparison.Ordinal))?[(word.Length + 1)..];

    private static string? Given(string text) => text.Length > 0 ? text : null;

    private static DateOnly? Day(string text) => text.Length > 0 ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private List<Dictionary<string, string>> Table(string name) => _tables.GetValueOrDefault(name) ?? [];

    private string Field(string table, string field) => Table(table).FirstOrDefault(row => row["field"] == field)?["value"] ?? "";

    private static Dictionary<string, List<Dictionary<string, string>>> Parse(IEnumerable<string> lines)
    {
        var tables = new Dictionary<string, List<Dictionary<string, string>>>();
        var (section, header) = ("", (string[]?)null);
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                (section, header) = (line[3..].Trim(), null);
                tables[section] = [];
            }
            else if (line.StartsWith('|'))
            {
                var cells = line.Trim()[1..^1].Split('|', StringSplitOptions.TrimEntries);
                if (header is null)
                    header = cells;
                else if (!cells[0].StartsWith("---", StringComparison.Ordinal))
                    tables[section].Add(header.Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second));
            }
        }
        return tables;
    }
}
