using System.Text.Json;
using System.Web;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Xero;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Providers.Xero.Sandbox;

public sealed class EveryDatasetTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_record_of_every_dataset_equals_the_books_and_has_a_meaning_in_the_ledger()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite, app => app.PageSize = 100, records: 4_000);
        var mapping = new XeroLedgerMapping();
        var read = 0;

        foreach (var dataset in XeroDatasets.All)
        {
            var (records, pages) = await xero.ReadAllAsync(dataset.Name);
            read += pages;
            // A call is logged when its answer is sent, which may be a moment after it has come.
            await Eventually.TrueAsync("the calls are in the log", () => Task.FromResult(xero.Server.Calls.Find(new(xero.Organisation.TenantId)).Count >= read), TimeSpan.FromMinutes(2), Cancellation);
            records.ShouldNotBeEmpty(dataset.Name);

            records.Select(record => CanonicalJson.Of(record.Json)).Order(StringComparer.Ordinal)
                .ShouldBe(TruthOf(xero, dataset).Order(StringComparer.Ordinal), dataset.Name);
            records.Select(record => record.Id).ShouldBeUnique(dataset.Name);
            pages.ShouldBe(ExpectedPages(xero, dataset, records.Count), dataset.Name);
            foreach (var record in records)
            {
                var mapped = mapping.Map(dataset, record.Id, record.Json.Span);
                mapped.ShouldNotBeEmpty($"{dataset.Name} {record.Id}");
                if (dataset.Window == XeroWindow.None)
                    mapped.Single().Id.ShouldBe(record.Id, dataset.Name);
            }
        }

        var calls = xero.Server.Calls.Find(new(xero.Organisation.TenantId));
        calls.Where(call => call.Status != 200).ShouldBeEmpty();
        calls.Where(call => call.Endpoint == "Assets").Select(call => call.Query).ShouldBe(["status=DRAFT&page=1&pageSize=100", "status=REGISTERED&page=1&pageSize=100", "status=DISPOSED&page=1&pageSize=100"]);
    }

    [Fact]
    public async Task Counts_are_those_of_the_books_archived_and_deleted_included()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);

        foreach (var dataset in XeroDatasets.All.Where(one => one.IsCountable))
        {
            var count = (await xero.Reader.CountAsync(xero.Books, dataset, CallPriority.Person, Cancellation)).ShouldBeOfType<PageOutcome.Page>();

            count.ItemCount.ShouldBe(xero.Truth.Truth(dataset.Path, TruthOptions.Default).Count, dataset.Name);
        }
    }

    [Fact]
    public async Task What_is_asked_since_a_time_is_what_changed_since()
    {
        await using var xero = await SandboxXero.ConnectAsync(azurite);
        var (asked, all) = (0, 0);
        using var before = (await xero.ReadAsync("payments")).ShouldBeOfType<PageOutcome.Page>();
        await Eventually.TrueAsync("the second of the first answer is over", () => Task.FromResult(xero.Server.Clock.GetUtcNow() > before.ProviderTime.AddSeconds(2)), TimeSpan.FromMinutes(2), Cancellation);
        var done = xero.Server.Library.ApplyRandom(xero.Organisation, 5, 20, EditMix.Default, xero.Server.Clock.UtcNowToMillisecond);

        foreach (var dataset in XeroDatasets.All.Where(one => one is { IsIncremental: true, IsPaged: true }))
        {
            using var page = (await xero.Reader.ReadPageAsync(xero.Books, dataset, new PageRequest(1, before.ProviderTime.AddSeconds(1), CallPriority.Person), Cancellation)).ShouldBeOfType<PageOutcome.Page>();
            var touched = done.SelectMany(edit => edit.Touched).Where(record => record.Collection == dataset.Path).Select(record => $"{record.Id}").ToHashSet(StringComparer.Ordinal);

            page.Records.Select(record => record.Id).Order(StringComparer.Ordinal).ShouldBeSubsetOf(touched, dataset.Name);
            asked += page.Records.Count;
            all += xero.Truth.Truth(dataset.Path, TruthOptions.Default).Count;
        }

        asked.ShouldBeInRange(1, all / 2);
    }

    private static IEnumerable<string> TruthOf(SandboxXero xero, XeroDataset dataset)
    {
        if (dataset.Window != XeroWindow.None)
        {
            var asked = xero.Server.Calls.Find(new(xero.Organisation.TenantId, Endpoint: dataset.Path))[^1];
            var query = HttpUtility.ParseQueryString(asked.Query);
            var report = xero.Truth.Report(dataset.Path.Split('/')[1], query.AllKeys.ToDictionary(key => key!, key => query[key]!))!;
            ReportPeriods(dataset, query["periods"], query["date"] ?? query["toDate"]);
            return [CanonicalJson.Of(JsonSerializer.SerializeToUtf8Bytes(report))];
        }

        var collection = dataset.Path == "Settings" ? BookCollections.AssetSettings : dataset.Path;
        var truth = new TruthOptions { UnitDecimals = dataset.Query.Contains("unitdp=4", StringComparison.Ordinal) ? 4 : 2 };
        return xero.Truth.CanonicalRecords(collection, truth).Select(record => record.Json);
    }

    private static void ReportPeriods(XeroDataset dataset, string? periods, string? date)
    {
        DateOnly.Parse(date!, System.Globalization.CultureInfo.InvariantCulture).AddDays(1).Day.ShouldBe(1, "a report ends with its month");
        periods.ShouldBe(dataset.Window == XeroWindow.LastMonthEnd ? null : "11");
    }

    // A small company has less than a page of assets in each of the three statuses.
    private static int ExpectedPages(SandboxXero xero, XeroDataset dataset, int records) =>
        dataset.Shape == XeroShape.AssetPages ? 3 : dataset.IsPaged ? Math.Max(1, (records + xero.App.PageSize - 1) / xero.App.PageSize) : 1;
}
