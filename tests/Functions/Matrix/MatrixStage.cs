using System.Net.Http.Json;
using System.Text.Json;
using DataHealth.Core;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Operations;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Tests.Matrix;

/// <summary>Two practices, a person of every role, our support outside and inside, and the things that they reach for.</summary>
public sealed class MatrixStage(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string DeletedPractice = "deletedpractice";
    private static readonly string[] Everything = ["sync", "connect", "dismiss", "export", "manageClients"];
    private readonly Dictionary<string, HttpClient> _callers = [];
    private readonly Dictionary<string, string> _clients = [];
    private readonly Dictionary<string, string> _runs = [];
    private readonly Dictionary<string, string> _deletions = [];
    private string[] _standards = [];
    private string _otherPractice = "";
    private string _batch = "";
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
        _otherPractice = await signIn.FoundAsync(OtherAdmin, "Northgate Partners", "otto", CancellationToken.None);
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
        {
            _clients[owner] = await NewClientAsync(owner);
            _runs[owner] = await NewRunAsync(_clients[owner], PracticeOf(owner));
            _deletions[owner] = await NewDeletionAsync(PracticeOf(owner));
        }
        await NewBatchAsync();
    }

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Sends what the row says, as that caller.</summary>
    public async Task<HttpResponseMessage> SendAsync(Expectation row, string caller)
    {
        var path = row.Path
            .Replace("{clientId}", row.Path.Contains("{clientId}") ? row.NeedsFreshTarget ? await NewClientAsync(row.Owner) : _clients[row.Owner] : "", StringComparison.Ordinal)
            .Replace("{memberId}", row.Path.Contains("{memberId}") ? await NewMemberAsync(row.Owner) : "", StringComparison.Ordinal)
            .Replace("{runId}", _runs.GetValueOrDefault(row.Owner), StringComparison.Ordinal)
            .Replace("{deletionId}", _deletions.GetValueOrDefault(row.Owner), StringComparison.Ordinal)
            .Replace("{batchId}", _batch, StringComparison.Ordinal)
            .Replace("practices/{practiceId}/deletion", $"practices/{DeletedPractice}/deletion", StringComparison.Ordinal)
            .Replace("{practiceId}", _otherPractice, StringComparison.Ordinal)
            .Replace("{provider}", "xero", StringComparison.Ordinal)
            .Replace("{dataset}", "no-such-dataset", StringComparison.Ordinal);
        // Only what is open can be closed.
        if (row is { Method: "DELETE", Path: "practices/{practiceId}/support-access" })
            (await _callers["supportOutside"].PostAsJsonAsync(path, new { reason = "The matrix", minutes = 5 }, Cancelled)).EnsureSuccessStatusCode().Dispose();
        // A record is the one thing that an address names here and that is not there: no books are connected.
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

    private string PracticeOf(string owner) => owner == "otherPractice" ? _otherPractice : Application.PracticeId;

    // A run that failed, of a client that is not connected any more.
    private async Task<string> NewRunAsync(string client, string practice)
    {
        var run = new RunRecord
        {
            ClientId = new ClientId(client),
            RunId = RunId.New(TimeProvider.System),
            Practice = new PracticeId(practice),
            Provider = "xero",
            Fence = 1,
            State = RunState.Finished,
            Outcome = RunOutcome.Failed,
            RequestedAt = DateTimeOffset.UtcNow,
            FinishedAt = DateTimeOffset.UtcNow,
        };
        (await new RunRows(Storage, TimeProvider.System).SaveAsync(run, null, CancellationToken.None)).ShouldBeTrue();
        return run.RunId.Value;
    }

    private async Task<string> NewDeletionAsync(string practice)
    {
        var now = DateTimeOffset.UtcNow;
        var deletion = await Application.Services.GetRequiredService<DeletionStore>().WriteAsync(
            new ClientDeletion
            {
                Id = DeletionId.New(TimeProvider.System),
                Practice = new PracticeId(practice),
                Client = ClientId.New(TimeProvider.System),
                Kind = DeletionKind.Client,
                RequestedBy = new MemberId(new string('1', 32)),
                RequestedAt = now,
                CompletedAt = now,
            },
            CancellationToken.None);
        return deletion.Id.Value;
    }

    private async Task NewBatchAsync()
    {
        var now = DateTimeOffset.UtcNow;
        await Application.Services.GetRequiredService<PracticeDeletionStore>().WriteAsync(
            new PracticeDeletion { Practice = new PracticeId(DeletedPractice), RequestedBy = new MemberId(new string('1', 32)), RequestedAt = now, CompletedAt = now }, CancellationToken.None);
        var filter = new OpenRunFilter { Code = "no-run-has-failed-so" };
        _batch = (await Application.Services.GetRequiredService<ReplayBatches>().BeginAsync(new ReplayBatch { Id = "", Filter = filter, PerMinute = 60, Reason = "The matrix" }, CancellationToken.None)).Batch.Id;
    }

    private AppStorage Storage => Application.Services.GetRequiredService<AppStorage>();

    private async Task<string> NewMemberAsync(string owner)
    {
        using var answer = await (owner == "otherPractice" ? OtherAdmin : Admin).PostAsJsonAsync(
            "members", new { email = $"target{Interlocked.Increment(ref _made)}@people.example", name = "Target", role = "standard" }, Cancelled);
        return PracticeDriver.Text(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).GetProperty("member"), "id");
    }
}
