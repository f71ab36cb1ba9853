using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Insights;

/// <summary>
/// Customers who owe for longer than they usually take. What is usual: the median, over a customer's invoices of two years that were paid in full by the reporting date (three at least), of the days from
/// the due date to the last payment. Unusual: an open invoice that is past due by more than that and by more than a margin on top, 14 days or three scaled median absolute deviations, whichever is more.
/// Holds the invoices of two years and the day of their last payment: about 200 bytes each.
/// </summary>
internal sealed class LateCustomers(DateOnly reportingDate)
{
    /// <summary>How many paid invoices make a habit.</summary>
    public const int Habit = 3;

    /// <summary>Days over the usual that are nothing unusual.</summary>
    public const decimal LeastMargin = 14m;

    // Scales the median absolute deviation to a standard deviation.
    private const decimal Scale = 1.4826m;

    private readonly DateOnly _since = reportingDate.AddYears(-2);
    private readonly Dictionary<string, (string Contact, DateOnly Due, DateOnly? PaidOn)> _paid = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateOnly> _payments = new(StringComparer.Ordinal);

    public void Add(LedgerRecord record)
    {
        switch (record)
        {
            case LedgerDocument { Kind: DocumentKind.SalesInvoice, Date: { } date, ContactId: { } contact, Outstanding: 0m } document when document.Status.IsInTheAccounts() && date > _since && date <= reportingDate:
                _paid[document.Id] = (contact, document.DueDate ?? date, document.PaidOn);
                break;
            case LedgerPayment { Date: { } date, DocumentId: { } id, Settles: DocumentKind.SalesInvoice } payment when payment.Status.IsInTheAccounts() && payment.Amount > 0m && date > _since:
                if (!_payments.TryGetValue(id, out var latest) || latest < date)
                    _payments[id] = date;
                break;
        }
    }

    /// <param name="open">What was open at the reporting date.</param>
    /// <param name="name">A contact's name.</param>
    /// <returns>The largest amount first.</returns>
    public IReadOnlyList<LateCustomer> Find(OpenItemsAt open, Func<string, string?> name)
    {
        // An invoice that no payment settled (a credit did) says nothing of the customer's habit.
        var usual = _paid.Where(invoice => _payments.ContainsKey(invoice.Key))
            .Select(invoice => (invoice.Value.Contact, Paid: invoice.Value.PaidOn ?? _payments[invoice.Key], invoice.Value.Due))
            .Where(invoice => invoice.Paid <= reportingDate)
            .GroupBy(invoice => invoice.Contact, invoice => (decimal)(invoice.Paid.DayNumber - invoice.Due.DayNumber), StringComparer.Ordinal)
            .Where(customer => customer.Count() >= Habit)
            .ToDictionary(customer => customer.Key, customer => customer.ToList(), StringComparer.Ordinal);
        List<LateCustomer> found = [];
        foreach (var customer in open.Items.Where(item => item is { Kind: DocumentKind.SalesInvoice, Open: > 0m, ContactId: not null }).GroupBy(item => item.ContactId!, StringComparer.Ordinal))
        {
            if (!usual.TryGetValue(customer.Key, out var days))
                continue;
            var median = Median(days);
            var margin = Math.Max(LeastMargin, 3m * Scale * Median([.. days.Select(day => Math.Abs(day - median))]));
            var late = customer.Select(item => (item.OpenInBase, Days: reportingDate.DayNumber - (item.DueDate ?? item.Date).DayNumber)).Where(item => item.Days > 0 && item.Days > median + margin).ToList();
            if (late.Count > 0)
                found.Add(new(customer.Key, name(customer.Key), late.Count, late.Sum(item => item.OpenInBase), late.Max(item => item.Days), median, days.Count));
        }

        return [.. found.OrderByDescending(customer => customer.Amount).ThenBy(customer => customer.ContactId, StringComparer.Ordinal)];
    }

    private static decimal Median(List<decimal> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2m;
    }
}
