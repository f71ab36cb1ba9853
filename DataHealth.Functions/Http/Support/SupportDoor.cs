using DataHealth.Core;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Sync;

namespace DataHealth.Functions.Http.Support;

/// <summary>Lets our own staff to the runs of all practices. They see ids, states and causes there; a practice's data needs an access of its own, with a reason and an end.</summary>
public sealed class SupportDoor(ICurrentMember member, ClientStore clients, RunStore runs, AuditTrail audit)
{
    public const int LongestReason = 500;

    /// <summary>The problem to answer, or null for who may come in.</summary>
    public Problem? Knock() => member.May(Permissions.Support) ? null : Problems.MayNot(member.Actor, Permissions.Support);

    /// <summary>The run that an address names.</summary>
    public async Task<(SupportedRun? Run, Problem? Problem)> OpenAsync(string clientId, string runId, CancellationToken cancellationToken)
    {
        if (Knock() is { } closed)
            return (null, closed);
        var client = new ClientId(clientId);
        if (!RunFunctions.IsRunId(runId) || await clients.FindAsync(client, cancellationToken) is not { } found || await runs.FindAsync(client, new RunId(runId), cancellationToken) is not { } run)
            return (null, Problems.NoRun);
        return (new SupportedRun(found, run), null);
    }

    /// <summary>A reason as it was given, or the problem with it.</summary>
    public static (string? Reason, Problem? Problem) Reason(string? text, int longest = LongestReason)
    {
        var reason = text?.Trim() ?? "";
        return reason.Length is >= 3 && reason.Length <= longest && !reason.Any(char.IsControl)
            ? (reason, null)
            : (null, Problems.BadField("reason", $"say in 3 to {longest} characters, on one line, why; the practice reads it in its audit."));
    }

    /// <summary>Notes in the client's practice what support did.</summary>
    public Task NoteAsync(AuditAction action, SupportedRun run, string what, string reason) =>
        audit.RecordAsync(member.Actor with { Practice = run.Client.Practice }, action, run.Client.Id, before: $"Run {run.Run.RunId}", after: $"{what} Reason: {reason}");
}

/// <summary>A run and whose it is.</summary>
public sealed record SupportedRun(Client Client, RunRecord Run);
