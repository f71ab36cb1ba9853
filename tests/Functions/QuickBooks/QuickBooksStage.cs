using System.Text;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests.QuickBooks;

/// <summary>The application with a QuickBooks sandbox of its own.</summary>
internal sealed class QuickBooksStage : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(8);

    private QuickBooksStage(TestApplication application, QuickBooksServer server)
    {
        (Application, Server) = (application, server);
        Practice = new PracticeDriver(application.Api, "quickbooks");
        Control = new SandboxDriver(server.BaseAddress);
    }

    public TestApplication Application { get; }

    public QuickBooksServer Server { get; }

    public PracticeDriver Practice { get; }

    public SandboxDriver Control { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<QuickBooksStage> StartAsync(AzuriteFixture azurite, QuickBooksSwitches? switches = null, params (string Name, string Value)[] settings)
    {
        var server = await QuickBooksServer.StartAsync(new QuickBooksOptions { Switches = switches ?? new(), Limits = new() { Enforced = false } }, Cancelled);
        var at = server.BaseAddress.AbsoluteUri;
        var application = await TestApplication.StartAsync(azurite, Cancelled,
        [
            ("QuickBooks:ClientId", "sandbox-client"), ("QuickBooks:ClientSecret", "sandbox-secret"), ("QuickBooks:AuthorizeUri", at), ("QuickBooks:TokenUri", at), ("QuickBooks:RevokeUri", at),
            ("QuickBooks:ApiUri", at), ("QuickBooks:RetryDelay", "00:00:00.05"), ("QuickBooks:SecondLimit", "100000"), ("Sync:SliceRetryDelay", "00:00:00.1"), .. settings,
        ]);
        var callback = new Uri(application.Api.BaseAddress!, "oauth/quickbooks/callback").AbsoluteUri;
        server.World.Change(state => state.Apps["sandbox-client"] = state.Apps["sandbox-client"] with { RedirectUris = [callback] });
        return new QuickBooksStage(application, server);
    }

    /// <summary>A company that Ada Birch and the others may connect; gives its realm id.</summary>
    public async Task<string> CompanyAsync(string name)
    {
        await Control.SendAsync(HttpMethod.Post, "organisations", new { name, size = "100", seed = 5 }, Cancelled);
        return await Control.OrganisationAsync(name, Cancelled);
    }

    /// <summary>A client that is connected to that company and synced once.</summary>
    public async Task<string> ConnectedAsync(string name)
    {
        var client = await Practice.AddClientAsync(name, Cancelled);
        await Practice.ConnectAsync(client, "Ada Birch", name, Cancelled);
        PracticeDriver.Text(await Practice.WaitForEndAsync(client, Soon, Cancelled), "outcome").ShouldBe("succeeded");
        return client;
    }

    /// <summary>A person presses Sync; gives the run when it has ended.</summary>
    public async Task<JsonElement> SyncAsync(string client)
    {
        await Practice.PressSyncAsync(client, Cancelled);
        return await Practice.WaitForEndAsync(client, Soon, Cancelled);
    }

    /// <summary>A call of the control API, with its answer.</summary>
    public async Task<JsonElement> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Server.BaseAddress, "/sandbox/"), Timeout = TimeSpan.FromMinutes(5) };
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await Application.DisposeAsync();
        await Server.DisposeAsync();
    }
}
