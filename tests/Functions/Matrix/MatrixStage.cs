using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests.Matrix;

/// <summary>Two practices, a person of every role, our support outside and inside, and the things that they reach for.</summary>
public sealed class MatrixStage(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly string[] Everything = ["sync", "connect", "dismiss", "export", "manageClients"];
    private readonly Dictionary<string, HttpClient> _callers = [];
    private readonly Dictionary<string, string> _clients = [];
    private string[] _standards = [];
    private int _made;
    private TestApplication? _application;

    public TestApplication Application => _application ?? throw new InvalidOperationException("Not started.");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private HttpClient Admin => _callers["practiceAdmin"];

    private HttpClient OtherAdmin => _callers["otherPracticeAdmin"];

    public async ValueTask InitializeAsync()
    {
        _application = await TestApplication.StartAsync(azurite, CancellationToken.None);
        var signIn = _application.SignIn;
        _callers["nobody"] = _application.As(null);
        _callers["stranger"] = _application.As(await signIn.TokenAsync("nora", CancellationToken.None));
        _callers["practiceAdmin"] = _application.Api;
        _callers["otherPracticeAdmin"] = _application.As(null);
        await signIn.FoundAsync(OtherAdmin, "Northgate Partners", "otto", CancellationToken.None);
        _callers["clientAdmin"] = _application.As((await JoinAsync("jon", "clientAdmin")).Token);
        var with = await JoinAsync("suki", "standard", Everything);
        var without = await JoinAsync("pia", "standard");
        (_callers["standardWithAll"], _callers["standard"], _standards) = (_application.As(with.Token), _application.As(without.Token), [with.Id, without.Id]);
        var suspended = await JoinAsync("sue", "standard", Everything);
        (await Admin.PostAsync($"members/{suspended.Id}/suspend", null)).EnsureSuccessStatusCode().Dispose();
        _callers["suspended"] = _application.As(suspended.Token);
        var support = await signIn.TokenAsync("sam", CancellationToken.None);
        _callers["supportOutside"] = _application.As(support);
        (await _callers["supportOutside"].PostAsJsonAsync($"practices/{_application.PracticeId}/support-access", new { reason = "The matrix", minutes = 400 })).EnsureSuccessStatusCode().Dispose();
        _callers["supportInside"] = _application.As(support, _application.PracticeId);
        foreach (var owner in new[] { "own", "otherClient", "otherPractice" })
            _clients[owner] = await NewClientAsync(owner);
    }

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Sends what the row says, as that caller.</summary>
    public async Task<HttpResponseMessage> SendAsync(Expectation row, string caller)
    {
        var path = row.Path
            .Replace("{clientId}", row.Path.Contains("{clientId}") ? row.NeedsFreshTarget ? await NewClientAsync(row.Owner) : _clients[row.Owner] : "", StringComparison.Ordinal)
            .Replace("{memberId}", row.Path.Contains("{memberId}") ? await NewMemberAsync(row.Owner) : "", StringComparison.Ordinal)
            .Replace("{provider}", "xero", StringComparison.Ordinal)
            .Replace("{dataset}", "no-such-dataset", StringComparison.Ordinal);
        // Whatever else an address names does not exist: what counts here is who may ask.
        path = System.Text.RegularExpressions.Regex.Replace(path, "{[^}]+}", new string('0', 32));
        using var request = new HttpRequestMessage(new HttpMethod(row.Method), path);
        if (row.Body.Length > 0)
            request.Content = new StringContent(row.Body.Replace("{n}", $"{Interlocked.Increment(ref _made)}", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        return await _callers[caller].SendAsync(request, Cancelled);
    }

    private Task<(string Id, string Token)> JoinAsync(string person, string role, params string[] privileges) =>
        Application.SignIn.JoinAsync(Admin, person, role, privileges, CancellationToken.None);

    private async Task<string> NewClientAsync(string owner)
    {
        var client = await new PracticeDriver(owner == "otherPractice" ? OtherAdmin : Admin).AddClientAsync($"{owner} {Interlocked.Increment(ref _made)}", CancellationToken.None);
        if (owner == "own")
        {
            foreach (var member in _standards)
                (await Admin.PatchAsJsonAsync($"members/{member}/clients", new { give = new[] { client } })).EnsureSuccessStatusCode().Dispose();
        }
        return client;
    }

    private async Task<string> NewMemberAsync(string owner)
    {
        using var answer = await (owner == "otherPractice" ? OtherAdmin : Admin).PostAsJsonAsync(
            "members", new { email = $"target{Interlocked.Increment(ref _made)}@people.example", name = "Target", role = "standard" }, Cancelled);
        return PracticeDriver.Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("member"), "id");
    }
}
