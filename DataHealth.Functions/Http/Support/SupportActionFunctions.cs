using DataHealth.Core.Audit;
using DataHealth.Core.Sync;
using DataHealth.Functions.Http.Connections;
using DataHealth.Functions.Http.Sync;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Support;

/// <summary>Support replays, resumes and ends runs. Each needs a reason and can be pressed twice.</summary>
public sealed class SupportActionFunctions(SupportDoor door, ReplayRun replays, EndRun ends, SyncStarter starter, ConnectionWords words)
{
    [Function("SupportReplay")]
    public async Task<IResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/runs/{clientId}/{runId}/replay")] HttpRequest request,
        string clientId,
        string runId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (run, problem) = await door.OpenAsync(clientId, runId, cancellationToken);
        if (run is null)
            return problem!;
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ReplayInput, cancellationToken);
        if (input is null)
            return problem!;
        (var reason, problem) = SupportDoor.Reason(input.Reason);
        if (reason is null)
            return problem!;
        var from = input.From ?? ReplayFrom.Checkpoint;
        var ticket = await replays.ExecuteAsync(run.Client.Id, run.Run.RunId, from, cancellationToken);
        if (ticket.State is TicketState.NoSuchRun)
            return Problems.NoRun;
        if (ticket.State is TicketState.NotConnected)
            return Problems.NotConnected;
        if (ticket.State is TicketState.Outdated)
            return Problems.RunOutdated;
        if (ticket is { State: TicketState.ReadsUsedUp, PausedUntil: { } until })
            return Problems.ReadsUsedUp(words.ProviderName(run.Run.Provider), until);
        // A press that meets a run in flight replays nothing, and one that comes again replays nothing more.
        if (ticket.IsNew)
            await door.NoteAsync(AuditAction.RunReplayed, run, $"Replayed from the {(from is ReplayFrom.Start ? "start" : "checkpoint")} by run {ticket.RunId}.", reason);
        await starter.CarryOutAsync(durable, run.Client.Id, ticket, cancellationToken);
        return Answer.Accepted($"support/runs/{run.Client.Id}/{ticket.RunId}", RunWords.Of(ticket), ApiJson.Default.RunStartedBody);
    }

    [Function("SupportTerminate")]
    public async Task<IResult> TerminateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/runs/{clientId}/{runId}/terminate")] HttpRequest request,
        string clientId,
        string runId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (run, reason, problem) = await OpenWithReasonAsync(request, clientId, runId, cancellationToken);
        if (run is null)
            return problem!;
        // The row first: from then on nothing of the run writes any more, whatever becomes of its orchestration.
        if (await ends.ExecuteAsync(run.Client.Id, run.Run.RunId, reason!, cancellationToken))
            await door.NoteAsync(AuditAction.RunTerminated, run, "Ended.", reason!);
        else if (run.Run.Outcome is not RunOutcome.Ended)
            return Problems.RunOver;
        await starter.EndAsync(durable, run.Client.Id, run.Run.RunId, cancellationToken);
        return Answer.Ok(
            new RunActionBody(run.Run.RunId.Value, "The run is ended. What was copied stays; the next sync goes on from there."), ApiJson.Default.RunActionBody);
    }

    [Function("SupportResume")]
    public async Task<IResult> ResumeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/runs/{clientId}/{runId}/resume")] HttpRequest request,
        string clientId,
        string runId,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var (run, reason, problem) = await OpenWithReasonAsync(request, clientId, runId, cancellationToken);
        if (run is null)
            return problem!;
        if (run.Run.State is RunState.Finished)
            return Problems.RunOver;
        await door.NoteAsync(AuditAction.RunResumed, run, "Resumed.", reason!);
        await starter.ResumeAsync(durable, run.Client.Id, run.Run.RunId, reason!, cancellationToken);
        return Answer.Accepted(
            $"support/runs/{run.Client.Id}/{run.Run.RunId}",
            new RunActionBody(run.Run.RunId.Value, "The run goes on now. A limit of the provider that still holds pauses it again."),
            ApiJson.Default.RunActionBody);
    }

    private async Task<(SupportedRun? Run, string? Reason, Problem? Problem)> OpenWithReasonAsync(
        HttpRequest request, string clientId, string runId, CancellationToken cancellationToken)
    {
        var (run, problem) = await door.OpenAsync(clientId, runId, cancellationToken);
        if (run is null)
            return (null, null, problem);
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.ReasonInput, cancellationToken);
        if (input is null)
            return (null, null, problem);
        (var reason, problem) = SupportDoor.Reason(input.Reason);
        return reason is null ? (null, null, problem) : (run, reason, null);
    }
}
