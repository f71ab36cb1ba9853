using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Connections.Grants;
using DataHealth.Core.Ledger;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Providers.QuickBooks.Sandbox;

/// <summary>
/// Two refreshes at once end a QuickBooks connection for good, and the sandbox ends it as Intuit does. Expiry after expiry under load, by several processes, with holders of the lease that are killed
/// before or after their call and others that are frozen in it (issue 5, must show 3).
/// </summary>
[TakesLong]
public sealed class RefreshStormTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly Actor Ann = new(new PracticeId("north"), new MemberId("ann"), "Ann", Role.PracticeAdmin, Permissions.All, ClientAccess.All, "storm");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("datahealth-storm-").FullName;
    private readonly string _prefix = Azurite.NewPrefix();
    private readonly List<ServiceProvider> _processes = [];
    private QuickBooksUnderTest _company = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _company = await QuickBooksUnderTest.StartAsync(new(), time: _clock);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        await _company.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public Task Promise_4_no_two_refreshes_of_one_company_ever_meet() => StormAsync(40);

    [Fact]
    [Trait("Run", "Long")]
    public Task Promise_4_no_two_refreshes_of_one_company_ever_meet_in_a_thousand_expiries() => StormAsync(1_000);

    private async Task StormAsync(int expiries)
    {
        Process[] processes = [new(this), new(this)];
        var grant = await ConnectAsync(processes[0]);
        var (killed, frozen, calls) = (0, 0, TokenCalls());
        for (var expiry = 1; expiry <= expiries; expiry++)
        {
            _clock.Advance(TimeSpan.FromMinutes(61));
            // The fates come by the last digit, the process that they meet by the one before.
            var number = expiry / 10 % 2;
            var (victim, other) = (processes[number], processes[1 - number]);
            victim.Fate = (expiry % 10) switch { 3 => Fate.KilledBefore, 5 => Fate.KilledAfter, 7 => Fate.Frozen, _ => Fate.Spared };
            var first = Ask(victim, grant);
            // Where something is to happen to the holder of the lease, that is who the others then wait for.
            if (victim.Fate is not Fate.Spared)
                await RunAsync(victim.Struck);
            var others = Ask(other, grant);
            if (victim.Fate is Fate.Spared)
            {
                (await RunAsync(Task.WhenAll([.. first, .. others]))).ShouldAllBe(outcome => outcome is AccessTokenOutcome.Token, $"expiry {expiry}");
                (TokenCalls() - calls).ShouldBe(1, $"expiry {expiry}: one call for all");
                calls = TokenCalls();
                continue;
            }

            (await RunAsync(Task.WhenAll(others))).ShouldAllBe(outcome => outcome is AccessTokenOutcome.Token || outcome is AccessTokenOutcome.Unavailable, $"expiry {expiry}");
            // Whoever waited for the lost refresh gets a token as soon as the provider must be done with it.
            (await RunAsync(AskUntilTokenAsync(other, grant), TimeSpan.FromSeconds(1))).ShouldBeTrue($"expiry {expiry}");
            if (victim.Fate == Fate.Frozen)
            {
                frozen++;
                victim.Wake();
                await RunAsync(Task.WhenAll(first));
                victim.Fate = Fate.Spared;
            }
            else
            {
                killed++;
                processes[number] = new(this);
            }
            // The other's, and what reached the provider of the victim's: at most one each.
            (TokenCalls() - calls).ShouldBeInRange(1, 2, $"expiry {expiry}");
            calls = TokenCalls();
        }

        var held = _company.Server.World.Read(state => state.Grants.Values.Single());
        held.Ended.ShouldBeNull("two refreshes at once would have ended it");
        output.WriteLine($"{expiries} expiries, 20 callers each in two processes; {killed} lease holders killed, {frozen} frozen, {calls} token calls: the connection lives.");
    }

    private static List<Task<AccessTokenOutcome>> Ask(Process process, GrantId grant) => [.. Enumerable.Range(0, 10).Select(_ => process.TokenAsync(grant))];

    // As the provider's own log counts them.
    private int TokenCalls() => _company.Server.Calls.Find(new(Endpoint: "token")).Count;

    private async Task<bool> AskUntilTokenAsync(Process process, GrantId grant)
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await process.TokenAsync(grant) is AccessTokenOutcome.Token)
                return true;
            await Task.Delay(TimeSpan.FromSeconds(5), _clock, Stop);
        }

        return false;
    }

    private async Task<GrantId> ConnectAsync(Process process)
    {
        ClientName.TryParse("Storm Ltd", out var name, out _).ShouldBeTrue();
        var client = (await process.Get<ClientStore>().CreateAsync(Ann, name!, Stop)).Id;
        var start = (await process.Get<StartConnect>().ExecuteAsync(Ann, client, "quickbooks", Stop)).ShouldBeOfType<StartOutcome.Redirect>();
        var received = (await process.Get<ReceiveCallback>().ExecuteAsync("quickbooks", await _company.AllowAsync(start.AuthorizeUri, Stop), Stop)).ShouldBeOfType<CallbackOutcome.Received>();
        return (await process.Get<ConfirmConsent>().ExecuteAsync(Ann, client, received.ResultCode, false, Stop)).ShouldBeOfType<ConsentOutcome.Connected>().Connection.Grant!.Value;
    }

    // What waits on the clock is many processes' doing: it goes on until the task ends.
    private Task<bool> RunAsync(Task task) => RunAsync(task.ContinueWith(done => done.IsCompletedSuccessfully, Stop, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));

    private async Task<T> RunAsync<T>(Task<T> task, TimeSpan? step = null)
    {
        var end = DateTime.UtcNow.AddMinutes(2);
        while (!task.IsCompleted && DateTime.UtcNow < end)
        {
            _clock.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(task, Task.Delay(5, Stop));
        }

        return await task.WaitAsync(TimeSpan.FromSeconds(1), Stop);
    }

    private enum Fate
    {
        Spared,
        KilledBefore,
        KilledAfter,
        Frozen,
    }

    private sealed class Process
    {
        private readonly ServiceProvider _services;
        private Fate _fate;
        private TaskCompletionSource _struck = new();
        private TaskCompletionSource _woken = new();

        public Process(RefreshStormTests world)
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. world._company.Settings, new("Vault:LocalFolder", world._folder)]).Build();
            var services = new ServiceCollection();
            services.AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(world._clock).AddSingleton<AppStorage>();
            services.Configure<StorageOptions>(storage => (storage.ConnectionString, storage.TablePrefix) = (world.Connection, world._prefix));
            services.AddConnections(configuration);
            services.AddQuickBooks(configuration);
            services.RemoveAll<IAccountingProvider>();
            services.AddSingleton<IAccountingProvider>(made => new Watched(ActivatorUtilities.CreateInstance<QuickBooksProvider>(made), this));
            _services = services.BuildServiceProvider();
            world._processes.Add(_services);
        }

        public Fate Fate
        {
            get => _fate;
            set
            {
                _fate = value;
                _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        /// <summary>Its fate has met it, with the lease in its hands.</summary>
        public Task Struck => _struck.Task;

        public T Get<T>()
            where T : notnull => _services.GetRequiredService<T>();

        public Task<AccessTokenOutcome> TokenAsync(GrantId grant) => Get<AccessTokens>().GetAsync(grant, Stop);

        public void Wake() => _woken.TrySetResult();

        private sealed class Watched(QuickBooksProvider inner, Process process) : IAccountingProvider, IProviderAuthorization
        {
            public string Key => inner.Key;

            public string Name => inner.Name;

            public bool IsConfigured => inner.IsConfigured;

            public IReadOnlyList<Dataset> Datasets => inner.Datasets;

            public IReadOnlySet<Capability> Capabilities => inner.Capabilities;

            public int MaxConcurrentCalls => inner.MaxConcurrentCalls;

            public IProviderAuthorization Authorization => this;

            public IBooksReader Books => inner.Books;

            public ILedgerMapping Ledger => inner.Ledger;

            public bool UsesPkce => false;

            public TimeSpan LostAnswerRest => inner.Authorization.LostAnswerRest;

            public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge) => inner.Authorization.AuthorizeUri(state, redirectUri, codeChallenge);

            public Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken) =>
                inner.Authorization.ExchangeAsync(callback, redirectUri, codeVerifier, cancellationToken);

            public async Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
            {
                var fate = process.Fate;
                var (struck, woken) = (process._struck, process._woken);
                if (fate is Fate.Frozen or Fate.KilledBefore)
                    struck.TrySetResult();
                if (fate is Fate.Frozen)
                    await woken.Task;
                if (fate is Fate.KilledBefore)
                    await new TaskCompletionSource().Task;
                var outcome = await inner.Authorization.RefreshAsync(refreshToken, cancellationToken);
                if (fate is Fate.KilledAfter)
                {
                    struck.TrySetResult();
                    await new TaskCompletionSource().Task;
                }
                return outcome;
            }

            public Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken) => inner.Authorization.RevokeAsync(refreshToken, cancellationToken);

            public Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken) =>
                inner.Authorization.OrganisationsAsync(accessToken, ownerId, consentId, cancellationToken);

            public Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken) => inner.Authorization.RemoveAsync(accessToken, connectionId, cancellationToken);
        }
    }

    private string Connection => azurite.ConnectionString;
}
