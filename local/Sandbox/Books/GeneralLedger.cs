namespace DataHealth.Local.Sandbox.Books;

/// <summary>Double entry: debits and credits by account and day, in hundredths of the base currency.</summary>
internal sealed class GeneralLedger
{
    private readonly Company _company;
    private readonly long[][] _debits;
    private readonly long[][] _credits;
    private readonly int _days;
    private readonly Dictionary<Guid, int> _byId;

    public GeneralLedger(Company company)
    {
        _company = company;
        _days = company.Spec.Today.DayNumber - company.Start.DayNumber + 1100;
        _debits = [.. company.Chart.Accounts.Select(_ => new long[_days])];
        _credits = [.. company.Chart.Accounts.Select(_ => new long[_days])];
        _byId = company.Chart.Accounts.ToDictionary(a => a.Id, a => a.Index);
        foreach (var posting in company.LedgerOnly())
        {
            Put(company.Chart[posting.Debit], posting.Day, posting.Amount, 1);
            Put(company.Chart[posting.Credit], posting.Day, -posting.Amount, 1);
        }
    }

    /// <summary>The collections whose records post.</summary>
    public static IReadOnlyList<string> Sources { get; } =
    [
        BookCollections.Invoices, BookCollections.CreditNotes, BookCollections.Payments, BookCollections.BankTransactions, BookCollections.BankTransfers,
        BookCollections.ManualJournals,
    ];

    /// <summary>Posts a record (1) or takes its postings back (-1).</summary>
    public void Post(BookRecord record, int sign)
    {
        switch (record)
        {
            case Document { State: "AUTHORISED" or "PAID" } document when document.Kind is DocumentKind.Invoice or DocumentKind.CreditNote
                or DocumentKind.BankTransaction:
                PostDocument(document, sign);
                break;
            case Payment { State: "AUTHORISED" } payment:
                PostPayment(payment, sign);
                break;
            case BagRecord { Status: "AUTHORISED" } transfer when transfer.Fields["BankTransferID"] is not null:
                var amount = ((Fixed)transfer.Fields["Amount"]!).Value;
                var day = (DateOnly)transfer.Fields["Date"]!;
                Put(_byId[(Guid)((Bag)transfer.Fields["ToBankAccount"]!)["AccountID"]!], day, amount, sign);
                Put(_byId[(Guid)((Bag)transfer.Fields["FromBankAccount"]!)["AccountID"]!], day, -amount, sign);
                break;
            case BagRecord { Status: "POSTED" } journal when journal.Fields["JournalLines"] is object[] lines:
                foreach (var line in lines.Cast<Bag>())
                    Put(_byId[(Guid)line["AccountID"]!], (DateOnly)journal.Fields["Date"]!, ((Fixed)line["LineAmount"]!).Value, sign);
                break;
            default:
                break;
        }
    }

    /// <summary>Debits and credits of an account from one day to another, both included, in base currency.</summary>
    public (decimal Debit, decimal Credit) Movement(int account, DateOnly from, DateOnly to)
    {
        var (first, last) = (Math.Max(0, from.DayNumber - _company.Start.DayNumber), Math.Min(_days - 1, to.DayNumber - _company.Start.DayNumber));
        long debit = 0, credit = 0;
        for (var day = first; day <= last; day++)
        {
            debit += _debits[account][day];
            credit += _credits[account][day];
        }

        return (debit / 100m, credit / 100m);
    }

    /// <summary>Debits less credits.</summary>
    public decimal Net(int account, DateOnly from, DateOnly to)
    {
        var (debit, credit) = Movement(account, from, to);
        return debit - credit;
    }

    private void PostDocument(Document document, int sign)
    {
        // The control account (or bank) takes the total, the lines their net, the tax account the tax; what rounding leaves goes to its own account.
        var sale = document.IsSale;
        var side = (document.Kind == DocumentKind.CreditNote ? -1 : 1) * (sale ? 1 : -1);
        var total = Base(document.Total, document.Rate) * side;
        var control = document.Bank?.Index ?? _company.Chart[sale ? "610" : "800"];
        var left = total;
        Put(control, document.Date, total, sign);
        foreach (var line in document.Lines)
        {
            var net = Base(document.LineAmountTypes == "Inclusive" ? line.LineAmount - line.TaxAmount : line.LineAmount, document.Rate) * side;
            Put(line.Account.Index, document.Date, -net, sign);
            left -= net;
        }

        var tax = Base(document.TotalTax, document.Rate) * side;
        Put(_company.Chart["820"], document.Date, -tax, sign);
        Put(_company.Chart["860"], document.Date, -(left - tax), sign);
    }

    private void PostPayment(Payment payment, int sign)
    {
        var side = payment.IsSale ? 1 : -1;
        var money = Base(payment.Part.Amount, payment.Part.Rate) * side;
        var owed = Base(payment.Part.Amount, payment.InvoiceRate) * side;
        Put(payment.Bank.Index, payment.Part.Date, money, sign);
        Put(_company.Chart[payment.IsSale ? "610" : "800"], payment.Part.Date, -owed, sign);
        Put(_company.Chart["499"], payment.Part.Date, owed - money, sign);
    }

    /// <summary>An amount in base currency.</summary>
    public static decimal Base(decimal amount, decimal rate) => rate == 1m ? amount : Company.Round(amount / rate);

    private void Put(int account, DateOnly day, decimal debit, int sign)
    {
        var at = Math.Clamp(day.DayNumber - _company.Start.DayNumber, 0, _days - 1);
        var cents = (long)(debit * 100m);
        if (cents > 0)
            _debits[account][at] += cents * sign;
        else
            _credits[account][at] -= cents * sign;
    }
}
