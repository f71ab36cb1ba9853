namespace DataHealth.Core.Health.Balances;

/// <summary>From which day a document ages.</summary>
public enum AgeFrom
{
    /// <summary>Its own date.</summary>
    Date,

    /// <summary>The day it was due; its own date where it has none.</summary>
    DueDate,
}

/// <summary>What is open by age, in base currency. Credits stand in their own age and lessen it, as in the providers' reports.</summary>
/// <param name="NotYet">Not due yet (by due date), or of the day itself.</param>
/// <param name="UpTo30">1 to 30 days.</param>
/// <param name="UpTo60">31 to 60 days.</param>
/// <param name="UpTo90">61 to 90 days.</param>
/// <param name="Older">Over 90 days.</param>
public sealed record AgedBalances(decimal NotYet, decimal UpTo30, decimal UpTo60, decimal UpTo90, decimal Older)
{
    /// <summary>All of it.</summary>
    public decimal Total => NotYet + UpTo30 + UpTo60 + UpTo90 + Older;

    /// <summary>Sorts what was open on a day by age.</summary>
    /// <param name="open">What was open.</param>
    /// <param name="isReceivable">Owed by customers; else to suppliers.</param>
    /// <param name="from">From which day they age.</param>
    public static AgedBalances Of(OpenItemsAt open, bool isReceivable, AgeFrom from)
    {
        var sums = new decimal[5];
        foreach (var item in open.Items.Where(item => item.IsReceivable == isReceivable && item.IsInControl))
        {
            var age = open.Date.DayNumber - (from == AgeFrom.DueDate ? item.DueDate ?? item.Date : item.Date).DayNumber;
            sums[age switch { <= 0 => 0, <= 30 => 1, <= 60 => 2, <= 90 => 3, _ => 4 }] += item.OpenInBase;
        }

        return new(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    /// <summary>Invoices and bills that were open and older than so many months on a day, by their own date: the oldest first.</summary>
    /// <param name="open">What was open.</param>
    /// <param name="months">How old.</param>
    public static IReadOnlyList<OpenItem> Overdue(OpenItemsAt open, int months) =>
    [
        .. open.Items.Where(item => item.Open > 0m && item.Date < open.Date.AddMonths(-months)).OrderBy(item => item.Date).ThenBy(item => item.Id, StringComparer.Ordinal),
    ];
}
