using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

/// <summary>Our reader of QuickBooks, at a scripted company, with the real gate.</summary>
internal sealed class ReaderStage : IDisposable
{
    private readonly CallGate _gate;

    public ReaderStage(AzuriteFixture azurite, Action<QuickBooksOptions>? change = null)
    {
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(50) };
        App = new QuickBooksOptions { ClientId = "our-app", ClientSecret = "s", RetryDelay = TimeSpan.Zero, PageSize = 10, Attempts = 1 };
        change?.Invoke(App);
        var options = Options.Create(App);
        var storage = new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() }));
        _gate = new(storage, QuickBooksRegistration.Limits(App), "quickbooks", "our-app", Clock);
        Tokens.GetAsync(default, default).ReturnsForAnyArgs(new AccessTokenOutcome.Token("token-1"));
        Tokens.RenewAsync(default, "", default).ReturnsForAnyArgs(new AccessTokenOutcome.Token("token-2"));
        var calls = new QuickBooksCalls(new HttpClient(Company), _gate, options, Meters.Providers, Clock, NullLogger<QuickBooksCalls>.Instance);
        Environment = new(storage, options, Clock);
        var session = new QuickBooksSession(calls, Tokens, Environment, NullLogger<QuickBooksSession>.Instance);
        Reader = new(session, new QuickBooksChanges(Clock), _gate, options, Clock, NullLogger<QuickBooksBooksReader>.Instance);
    }

    public FakeTimeProvider Clock { get; }

    public QuickBooksOptions App { get; }

    public ScriptedQuickBooks Company { get; } = new();

    /// <summary>Whether our keys are known at that host: connecting the company says so.</summary>
    public QuickBooksEnvironment Environment { get; }

    public IAccessTokens Tokens { get; } = Substitute.For<IAccessTokens>();

    public QuickBooksBooksReader Reader { get; }

    public static Books Books { get; } = new(new("quickbooks", "9130357700123456"), new("quickbooks-9130357700123456"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static QuickBooksDataset Dataset(string name) => QuickBooksDatasets.All.Single(one => one.Name == name);

    /// <summary>Waits are the fake clock's: it goes on while somebody waits.</summary>
    public async Task<PageOutcome> ReadAsync(string dataset, int page = 1, string? cursor = null, DateTimeOffset? since = null, string? flight = null)
    {
        var read = Reader.ReadPageAsync(Books, Dataset(dataset), new PageRequest(page, since, CallPriority.Scheduled) { Cursor = cursor, Flight = flight }, Cancelled);
        while (!read.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(read, Task.Delay(2, Cancelled));
        }

        return await read;
    }

    /// <summary>A whole pass, page by page; an order that is refused begins it anew, as the sync does.</summary>
    public async Task<List<string>> ReadAllAsync(string dataset, DateTimeOffset? since = null, Action<int>? between = null)
    {
        List<string> ids = [];
        string? cursor = null;
        for (int? next = 1; next is { } number;)
        {
            var outcome = await ReadAsync(dataset, number, cursor, since);
            if (outcome is PageOutcome.OrderRefused)
            {
                (next, cursor) = (1, null);
                continue;
            }

            using var page = outcome.ShouldBeOfType<PageOutcome.Page>();
            ids.AddRange(page.Records.Select(record => record.Id));
            (next, cursor) = (page.NextPage, page.Cursor);
            between?.Invoke(number);
        }

        return ids;
    }

    public void Dispose()
    {
        _gate.Dispose();
        Company.Dispose();
    }
}
