using System.Globalization;
using DataHealth.Core.Providers.Wire;

namespace DataHealth.Core.Providers.Xero;

/// <summary>The addresses of reads. Nothing here can address a write: every call is a GET of a list.</summary>
internal static class XeroQuery
{
    /// <summary>A pass in the order of the records' ids.</summary>
    public const string ById = "id";

    /// <summary>A pass in the order of last change.</summary>
    public const string ByChange = "change";

    // Assets come one status after another; a page number carries the status in its thousands of thousands.
    private const int StatusStep = 1_000_000;
    private const int AssetPageSize = 100;

    // In the order of an asset's life: one that moves on while we read comes twice, never not at all.
    private static readonly string[] AssetStatuses = ["DRAFT", "REGISTERED", "DISPOSED"];

    /// <summary>The address of one page, and the id of the record where the address decides it.</summary>
    /// <param name="app">Our app.</param>
    /// <param name="dataset">What.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="pageSize">Records a page.</param>
    /// <param name="byChange">By last change instead of by id: only where Xero refuses the order by id.</param>
    /// <param name="today">Today, for reports.</param>
    public static (Uri Address, string? FixedId) Page(XeroOptions app, XeroDataset dataset, int page, int pageSize, bool byChange, DateOnly today)
    {
        List<string> query = [];
        string? id = null;
        if (dataset.Query.Length > 0)
            query.Add(dataset.Query);
        if (dataset.Shape == XeroShape.AssetPages)
        {
            query.Add($"status={AssetStatuses[page / StatusStep]}&page={page % StatusStep}&pageSize={AssetPageSize}");
        }
        else if (dataset.Shape == XeroShape.Single)
        {
            id = "settings";
        }
        else if (dataset.Window != XeroWindow.None)
        {
            id = Report(dataset, today, query);
        }
        else if (dataset.IsPaged)
        {
            query.Add($"page={page}&pageSize={pageSize}&order={(byChange ? "UpdatedDateUTC" : dataset.IdField)}%20ASC");
        }

        var root = dataset.Api == XeroApi.Assets ? "assets.xro/1.0" : "api.xro/2.0";
        return (app.ApiUri.Under($"{root}/{dataset.Path}{(query.Count > 0 ? "?" : "")}{string.Join('&', query)}"), id);
    }

    /// <summary>The page after this one, or null.</summary>
    public static int? Next(XeroDataset dataset, int page, int pageSize, XeroPage answer)
    {
        if (!dataset.IsPaged)
            return null;
        if (dataset.Shape == XeroShape.AssetPages)
        {
            var (status, number) = (page / StatusStep, page % StatusStep);
            if (number < answer.PageCount || (answer.PageCount is null && answer.Records.Count >= AssetPageSize))
                return page + 1;
            return status + 1 < AssetStatuses.Length ? ((status + 1) * StatusStep) + 1 : null;
        }

        // A page in the middle may be short when records went away; without a page count only shortness tells the end.
        return answer.PageCount is { } pages ? (page < pages ? page + 1 : null) : answer.Records.Count >= pageSize ? page + 1 : null;
    }

    private static string Report(XeroDataset dataset, DateOnly today, List<string> query)
    {
        var thisMonth = new DateOnly(today.Year, today.Month, 1);
        var month = dataset.Window switch
        {
            XeroWindow.TwelveMonths => thisMonth,
            XeroWindow.TwelveMonthsBefore => thisMonth.AddMonths(-12),
            _ => thisMonth.AddMonths(-1),
        };
        var end = Day(month.AddMonths(1).AddDays(-1));
        query.Add(dataset.Path is "Reports/ProfitAndLoss" or "Reports/BankSummary" ? $"fromDate={Day(month)}&toDate={end}" : $"date={end}");
        return month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
