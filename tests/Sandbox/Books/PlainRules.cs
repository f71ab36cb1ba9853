using static DataHealth.Sandbox.Tests.Books.BookkeepersView;

namespace DataHealth.Sandbox.Tests.Books;

/// <summary>Every rule of the health checks as plainly as it can be said, with no regard to speed; each thing found is a kind and what it is about.</summary>
internal sealed partial class PlainRules(BookkeepersView books, DateOnly end)
{
    private readonly HashSet<string> _found = [];

    private Guid[] Active => [.. books.Documents.Where(d => d.Posted && d.Date <= end && d.Date > end.AddMonths(-1)).Select(d => d.Contact).Distinct()];

    private IEnumerable<SeenDocument> Posted => books.Documents.Where(d => d.Posted && d.Date <= end);

    public HashSet<string> Run()
    {
        DuplicateTransactions();
        DuplicateContacts();
        Coding();
        Aged();
        Drafts();
        Attachments();
        Capital();
        Credits();
        BankDetails();
        RegularSuppliers();
        Tax();
        State();
        return _found;
    }

    public static string Key(string kind, IEnumerable<string> about) => kind + ": " + string.Join(' ', about.Order(StringComparer.Ordinal));

    private void Find(string kind, params Guid[] about) => _found.Add(Key(kind, about.Select(id => id.ToString())));

    private void DuplicateTransactions()
    {
        foreach (var group in Posted.Where(d => d.IsTrade && d.Total > 0).GroupBy(d => (d.Contact, d.Type, d.Total)))
        {
            var same = group.OrderBy(d => d.Date).ToList();
            foreach (var (one, other) in same.Zip(same.Skip(1)).Where(pair => pair.Second.Date.DayNumber - pair.First.Date.DayNumber <= 5))
            {
                if (one.Number == other.Number || one.Number.Length == 0 || other.Number.Length == 0)
                    Find("duplicate-transactions", one.Id, other.Id);
            }
        }

        var spent = Posted.Where(d => d.Type == "SPEND").ToLookup(d => (d.Contact, d.Total));
        foreach (var bill in Posted.Where(d => d.Type == "ACCPAY"))
        {
            foreach (var entry in spent[(bill.Contact, bill.Total)].Where(entry => Math.Abs(entry.Date.DayNumber - bill.Due!.Value.DayNumber) <= 3))
                Find("duplicate-transactions", bill.Id, entry.Id);
        }
    }

    private void DuplicateContacts()
    {
        var active = Active.ToHashSet();
        var names = books.Contacts.Select(c => (Id: c.GetProperty("ContactID").GetGuid(), Name: Normal(Text(c, "Name")), Email: Text(c, "EmailAddress"), Bank: Text(c, "BankAccountDetails"))).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            for (var k = i + 1; k < names.Count; k++)
            {
                var (one, other) = (names[i], names[k]);
                if ((active.Contains(one.Id) || active.Contains(other.Id))
                    && (one.Name == other.Name || (one.Email.Length > 0 && one.Email == other.Email) || (one.Bank.Length > 0 && one.Bank == other.Bank) || (one.Name.Length > 6 && IsTypo(one.Name, other.Name))))
                {
                    Find("duplicate-contacts", one.Id, other.Id);
                }
            }
        }
    }

    private static string Normal(string name) => string.Join(' ', new string([.. name.ToUpperInvariant().Select(c => char.IsLetterOrDigit(c) ? c : ' ')])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("LTD" or "LIMITED" or "LLP" or "PLC" or "CO" or "GROUP" or "PARTNERS")).Order(StringComparer.Ordinal));

    /// <summary>One letter more, less or other.</summary>
    private static bool IsTypo(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > 1)
            return false;
        var at = 0;
        while (at < Math.Min(one.Length, other.Length) && one[at] == other[at])
            at++;
        var (a, b) = (one[at..], other[at..]);
        return a.Length == b.Length ? a.Length > 0 && a[1..] == b[1..] : a.Length > b.Length ? a[1..] == b : b[1..] == a;
    }

    private void Coding()
    {
        var active = Active.ToHashSet();
        var contacts = books.Contacts.ToDictionary(c => c.GetProperty("ContactID").GetGuid());
        foreach (var group in Posted.Where(d => d.IsTrade && d.Date > end.AddYears(-1)).GroupBy(d => (d.Contact, d.IsPurchase)).Where(g => active.Contains(g.Key.Contact)))
        {
            OffTheUsual(group.Key.Contact, [.. group], line => line.Account);
            OffTheUsual(group.Key.Contact, [.. group], line => line.TaxType);
            var lines = group.SelectMany(d => d.Lines).ToList();
            var (account, tax) = group.Key.IsPurchase ? ("PurchasesDefaultAccountCode", "AccountsPayableTaxType") : ("SalesDefaultAccountCode", "AccountsReceivableTaxType");
            // One that was merged into another has documents and no defaults any more.
            if (!contacts.TryGetValue(group.Key.Contact, out var contact))
                continue;
            var isAccountMissing = lines.Select(l => l.Account).Distinct().Count() == 1 && Text(contact, account).Length == 0;
            var isTaxMissing = lines.Select(l => l.TaxType).Distinct().Count() == 1 && Text(contact, tax).Length == 0;
            if (group.Count() >= 4 && (isAccountMissing || isTaxMissing))
                Find("contact-defaults", group.Key.Contact);
        }
    }

    private void OffTheUsual(Guid contact, List<SeenDocument> documents, Func<SeenLine, string> of)
    {
        if (documents.Select(d => string.Join('+', d.Lines.Select(of).Distinct().Order(StringComparer.Ordinal))).Distinct().Count() == 1)
            return;
        var usual = documents.SelectMany(d => d.Lines.Select(of)).GroupBy(code => code).OrderByDescending(g => g.Count()).First();
        var all = documents.Sum(d => d.Lines.Count);
        if (all < 5 || usual.Count() * 10 < all * 6)
            Find("multi-coded-contacts", contact);
        else
            documents.Where(d => d.Lines.Any(line => of(line) != usual.Key)).ToList().ForEach(d => Find("multi-coded-contacts", contact, d.Id));
    }

    private void Aged()
    {
        foreach (var document in Posted.Where(d => d.Type is "ACCREC" or "ACCPAY" && d.Date < end.AddMonths(-3)))
        {
            if (document.Total - document.Settled.Where(part => part.Day <= end).Sum(part => part.Amount) != 0)
                Find("aged-balances", document.Id);
        }
    }

    private void Drafts()
    {
        foreach (var document in books.Documents.Where(d => d.Status is "DRAFT" or "SUBMITTED" && d.Date <= end.AddDays(-14)))
            Find("draft-documents", document.Id);
    }

    private void Attachments()
    {
        foreach (var document in Posted.Where(d => d.Type is "ACCPAY" or "SPEND" && !d.HasFile && d.Total / d.Rate >= 20m))
            Find("attachments", document.Id);
    }

    private void Capital()
    {
        foreach (var document in Posted.Where(d => d.IsPurchase && d.Lines.Any(line => line.Account is "448" or "449" or "453" or "463" or "473" && line.Net / d.Rate >= 500m)))
            Find("capital-items", document.Id);
    }

    private void Credits()
    {
        foreach (var credit in Posted.Where(d => d.Remaining != 0))
            Find("unallocated-credit", credit.Id);
        foreach (var income in Posted.Where(d => d.Type == "RECEIVE" && d.Lines.All(line => books.ClassOf[line.Account] == "REVENUE")))
        {
            foreach (var invoice in Posted.Where(d => d.Type == "ACCREC" && d.Contact == income.Contact && d.AmountDue == income.Total && d.Date <= income.Date))
                Find("unallocated-credit", income.Id, invoice.Id);
        }
    }

    private void BankDetails()
    {
        foreach (var shared in books.Contacts.Where(c => Text(c, "BankAccountDetails").Length > 0).GroupBy(c => Text(c, "BankAccountDetails")).Where(g => g.Count() > 1))
            Find("supplier-bank-details", [.. shared.Select(c => c.GetProperty("ContactID").GetGuid())]);
    }

    private void RegularSuppliers()
    {
        var first = new DateOnly(end.Year, end.Month, 1);
        foreach (var supplier in Posted.Where(d => d.Type == "ACCPAY").GroupBy(d => d.Contact))
        {
            decimal Month(int back) => supplier.Where(d => d.Date >= first.AddMonths(-back) && d.Date < first.AddMonths(1 - back)).Sum(d => d.Total / d.Rate);
            var months = Enumerable.Range(0, 13).Select(Month).ToList();
            if (months.Take(6).Count(sum => sum > 0) < 5)
                continue;
            var before = months.Skip(1).Where(sum => sum > 0).ToList();
            var median = Median(before);
            var spread = 1.4826m * Median([.. before.Select(sum => Math.Abs(sum - median))]);
            var usualDay = (int)Median([.. supplier.Select(d => (decimal)d.Date.Day)]);
            if (months[0] > median + (3 * spread) && months[0] > 1.5m * median)
                Find("regular-suppliers", supplier.Key, supplier.Where(d => d.Date >= first).MaxBy(d => d.Date)!.Id);
            else if (months[0] == 0 && usualDay + 5 <= end.Day)
                Find("regular-suppliers", supplier.Key);
        }
    }

    private static decimal Median(List<decimal> values)
    {
        values.Sort();
        return values.Count == 0 ? 0m : values.Count % 2 == 1 ? values[values.Count / 2] : (values[(values.Count / 2) - 1] + values[values.Count / 2]) / 2m;
    }

    private void Tax()
    {
        var unnumbered = books.Contacts.Where(c => Text(c, "TaxNumber").Length == 0).Select(c => c.GetProperty("ContactID").GetGuid()).ToHashSet();
        foreach (var document in Posted.Where(d => d.IsTrade))
        {
            var trading = document.Lines.Where(line => books.ClassOf[line.Account] is "REVENUE" or "EXPENSE").ToList();
            var wrong = trading.Any(line => books.ClassOf[line.Account] == "EXPENSE" && line.TaxType.Contains("OUTPUT", StringComparison.Ordinal))
                || trading.Any(line => books.ClassOf[line.Account] == "REVENUE" && line.TaxType.Contains("INPUT", StringComparison.Ordinal))
                || document.Lines.Any(line => line.Tax != 0 && (line.Account is "320" or "477" or "479" or "482" || books.ClassOf[line.Account] is "EQUITY" or "LIABILITY"))
                || trading.Any(line => books.Rates[line.TaxType] == 0 && line.Net / document.Rate >= 1_000m)
                || (document.IsPurchase && unnumbered.Contains(document.Contact) && document.Lines.Sum(line => line.Tax) >= 100m);
            if (wrong)
                Find("tax-coding", document.Id);
            if (document.Lines.Any(line => line is { Account: "420", Tax: > 0 }))
                Find("business-entertainment", document.Id);
            if (document.Lines.Any(line => line.Account is "850" or "840"))
                Find("suspense", document.Id);
        }
    }
}
