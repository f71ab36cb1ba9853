using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>How much was entered that is dated in one month. What is voided or deleted does not count, drafts do not either.</summary>
/// <param name="MonthEnd">The last day of the month.</param>
/// <param name="SalesDocuments">Invoices and credit notes.</param>
/// <param name="PurchaseDocuments">Bills and credits of suppliers.</param>
/// <param name="BankLines">Lines of the bank accounts: entries, payments (a batch is one) and both sides of transfers.</param>
/// <param name="Journals">Journals.</param>
/// <param name="Contacts">Contacts that documents or entries of the month name.</param>
public sealed record Volume(DateOnly MonthEnd, int SalesDocuments, int PurchaseDocuments, int BankLines, int Journals, int Contacts)
{
    /// <summary>All transactions.</summary>
    public int Transactions => SalesDocuments + PurchaseDocuments + BankLines + Journals;
}

/// <summary>Volumes of the months up to a month's end. Each record once, in any order. Grows with the contacts and batches of these months.</summary>
/// <param name="monthEnd">The last day of the latest month.</param>
/// <param name="months">How many months.</param>
public sealed class Volumes(DateOnly monthEnd, int months)
{
    private readonly Month[] _months = [.. Enumerable.Range(0, months).Select(_ => new Month())];

    /// <summary>The months, the earliest first.</summary>
    public IReadOnlyList<Volume> Months =>
    [
        .. _months.Select((month, at) => new Volume(
            monthEnd.AddDays(1).AddMonths(at + 1 - months).AddDays(-1), month.Sales, month.Purchases, month.Bank + month.Batches.Count, month.Journals, month.Contacts.Count)),
    ];

    /// <summary>Takes in a record.</summary>
    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Kind: not DocumentKind.Unknown } document when document.Status.IsInTheAccounts() && !document.Kind.IsAdvance() && Of(document.Date) is { } month:
                if (document.Kind.IsSale())
                    month.Sales++;
                else
                    month.Purchases++;
                month.See(document.ContactId);
                break;
            case LedgerBankEntry { Kind: not BankEntryKind.Transfer } entry when entry.Status.IsInTheAccounts() && Of(entry.Date) is { } month:
                month.Bank++;
                month.See(entry.ContactId);
                break;
            case LedgerPayment payment when payment.Status.IsInTheAccounts() && payment.Amount != 0m && Of(payment.Date) is { } month:
                if (payment.BatchId is { } batch)
                    month.Batches.Add(batch);
                else
                    month.Bank++;
                month.See(payment.ContactId);
                break;
            case LedgerTransfer transfer when transfer.Status.IsInTheAccounts() && Of(transfer.Date) is { } month:
                month.Bank += 2;
                break;
            case LedgerJournal journal when journal.Status.IsInTheAccounts() && Of(journal.Date) is { } month:
                month.Journals++;
                break;
        }
    }

    private Month? Of(DateOnly? date) =>
        date is { } day && months - 1 - (((monthEnd.Year - day.Year) * 12) + monthEnd.Month - day.Month) is var at && at >= 0 && at < months ? _months[at] : null;

    private sealed class Month
    {
        public int Sales, Purchases, Bank, Journals;

        public HashSet<string> Batches { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Contacts { get; } = new(StringComparer.Ordinal);

        public void See(string? contact)
        {
            if (contact is not null)
                Contacts.Add(contact);
        }
    }
}
