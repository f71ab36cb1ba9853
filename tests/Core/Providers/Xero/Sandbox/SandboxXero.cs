using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Web;
using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Storage;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Providers.Xero.Sandbox;

/// <summary>Our client of Xero, connected over HTTP to one small organisation of a sandbox of its own.</summary>
internal sealed class SandboxXero : IAccessTokens, IAsyncDisposable
{
    private static readonly Uri Redirect = new("http://localhost:7071/api/oauth/xero/callback");

    private readonly HttpClient _control;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CallGate _gate;
    private readonly XeroAuthorization _authorization;
    private readonly SemaphoreSlim _turn = new(1);
    private TokenSet _tokens = null!;

    private SandboxXero(SandboxServer server, AzuriteFixture azurite, Action<XeroOptions>? change)
    {
        Server = server;
        _control = new HttpClient { BaseAddress = new Uri(server.BaseAddress, "sandbox/") };
        App = new XeroOptions
        {
            ClientId = "sandbox-client",
            ClientSecret = "sandbox-secret",
            LoginUri = server.BaseAddress,
            IdentityUri = server.BaseAddress,
            ApiUri = server.BaseAddress,
            PageSize = 40,
            MinuteLimit = 10_000,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            LargestAnswer = 4 * 1024 * 1024,
        };
        change?.Invoke(App);
        var options = Options.Create(App);
        var storage = new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() }));
        _gate = new(storage, XeroRegistration.Limits(App), "xero", App.ClientId, TimeProvider.System);
        _authorization = new(options, _http, TimeProvider.System, NullLogger<XeroAuthorization>.Instance);
        var calls = new XeroCalls(_http, _gate, options, Meters.Providers, TimeProvider.System, NullLogger<XeroCalls>.Instance);
        Reader = new(calls, new XeroOrders(storage), _gate, this, _authorization, options, TimeProvider.System, NullLogger<XeroBooksReader>.Instance);
        Provider = new(options, _authorization, () => Reader);
        Organisation = server.World.Read(state => state.Organisations.Values.First(one => one.Members.Contains(DefaultWorld.Cleo)));
    }

    public SandboxServer Server { get; }

    public XeroOptions App { get; }

    public XeroBooksReader Reader { get; }

    public XeroProvider Provider { get; }

    public Organisation Organisation { get; private set; }

    public IBooks Truth => Server.Library.Open(Organisation);

    public Books Books => new(new OrganisationId("xero", $"{Organisation.TenantId}"), new GrantId("ada"));

    public int Renewals { get; private set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SandboxXero> ConnectAsync(AzuriteFixture azurite, Action<XeroOptions>? change = null, SandboxOptions? options = null, string person = "Ada Birch", int? records = null)
    {
        var server = await SandboxServer.StartAsync(options ?? new SandboxOptions { Limits = new() { Minute = 10_000 } }, Cancellation);
        var xero = new SandboxXero(server, azurite, change);
        if (records is { } size)
        {
            var made = await xero.ControlAsync(HttpMethod.Post, "organisations", new { name = "Larch Ltd", size = $"{size}", seed = 3 });
            xero.Organisation = server.World.Read(state => state.Organisations[made!["tenantId"]!.GetValue<Guid>()]);
        }

        var consent = new { authorizeUrl = xero._authorization.AuthorizeUri("state", Redirect, null).ToString(), person, organisations = new[] { xero.Organisation.TenantId } };
        var location = (await xero.ControlAsync(HttpMethod.Post, "authorize", consent))!["location"]!.GetValue<string>();
        var code = HttpUtility.ParseQueryString(new Uri(location).Query)["code"]!;
        xero._tokens = (await xero._authorization.ExchangeAsync(new CallbackQuery(code, null, null), Redirect, null, Cancellation)).ShouldBeOfType<TokenOutcome.Issued>().Tokens;
        return xero;
    }

    public static XeroDataset Dataset(string name) => XeroDatasets.All.Single(one => one.Name == name);

    public async Task<JsonNode?> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _control.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public Task<PageOutcome> ReadAsync(string dataset, int page = 1, string? order = null) =>
        Reader.ReadPageAsync(Books, Dataset(dataset), new PageRequest(page, null, CallPriority.Person) { Cursor = order }, Cancellation);

    /// <summary>All pages, one after another; records are copied, since a page's memory is lent.</summary>
    public async Task<(List<SourceRecord> Records, int Pages)> ReadAllAsync(string dataset)
    {
        List<SourceRecord> records = [];
        var pages = 0;
        string? order = null;
        for (int? next = 1; next is { } number; pages++)
        {
            using var page = (await ReadAsync(dataset, number, order)).ShouldBeOfType<PageOutcome.Page>($"{dataset}, page {number}");
            records.AddRange(page.Records.Select(record => record with { Json = record.Json.ToArray() }));
            (next, order) = (page.NextPage, page.Cursor);
        }

        return (records, pages);
    }

    public Task<AccessTokenOutcome> GetAsync(GrantId grant, CancellationToken cancellationToken) =>
        Task.FromResult<AccessTokenOutcome>(new AccessTokenOutcome.Token(_tokens.AccessToken));

    public async Task<AccessTokenOutcome> RenewAsync(GrantId grant, string refused, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_tokens.AccessToken == refused)
            {
                _tokens = (await _authorization.RefreshAsync(_tokens.RefreshToken, cancellationToken)).ShouldBeOfType<TokenOutcome.Issued>().Tokens;
                Renewals++;
            }

            return new AccessTokenOutcome.Token(_tokens.AccessToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        _http.Dispose();
        _control.Dispose();
        _turn.Dispose();
        await Server.DisposeAsync();
    }
}
