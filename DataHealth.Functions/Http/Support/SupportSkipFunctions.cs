using DataHealth.Core.Audit;
using DataHealth.Core.Providers;
using DataHealth.Core.Sync;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Support;

/// <summary>Support lets a client's syncs leave out a record that cannot be read, or read it again. Each needs a reason and can be pressed twice.</summary>
public sealed class SupportSkipFunctions(SupportDoor door, SkippedRecords skipped, ProviderCatalog providers)
{
    private const int LongestId = 150;

    [Function("SupportSkipRecord")]
    public async Task<IResult> SkipAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/runs/{clientId}/{runId}/skip")] HttpRequest request,
        string clientId,
        string runId,
        CancellationToken cancellationToken)
    {
        var (run, input, problem) = await OpenAsync(request, clientId, runId, cancellationToken);
        if (run is null)
            return problem!;
        // Only what a run could not read: a healthy record, or a mistyped id, would be told to the customer as one that cannot be read.
        var isSkipped = (await skipped.AllAsync(run.Client.Id, cancellationToken)).Any(one => one.Dataset == input!.Dataset && one.Id == input.RecordId);
        if (!isSkipped && (run.Run.Error?.Dataset != input!.Dataset || run.Run.Error?.RecordId != input.RecordId))
            return Problems.NotThatRecord;
        if (isSkipped)
            return Done(run, "Syncs leave the record out already.");
        if (!await skipped.SkipAsync(run.Client.Id, input!.Dataset!, input.RecordId!, input.Reason!, cancellationToken))
            return Problems.TooManySkipped;
        await door.NoteAsync(AuditAction.RecordSkipped, run, $"Record {input.RecordId} of {input.Dataset} is left out.", input.Reason!);
        return Done(run, "Syncs leave the record out and go on; every receipt lists it until it comes readable or is gone at the provider. Replay the run to go on now.");
    }

    [Function("SupportUnskipRecord")]
    public async Task<IResult> UnskipAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "support/runs/{clientId}/{runId}/unskip")] HttpRequest request,
        string clientId,
        string runId,
        CancellationToken cancellationToken)
    {
        var (run, input, problem) = await OpenAsync(request, clientId, runId, cancellationToken);
        if (run is null)
            return problem!;
        if (!await skipped.ReadAgainAsync(run.Client.Id, input!.Dataset!, input.RecordId!, cancellationToken))
            return Done(run, "The record is not left out: syncs read it as it is.");
        await door.NoteAsync(AuditAction.RecordUnskipped, run, $"Record {input.RecordId} of {input.Dataset} is read again.", input.Reason!);
        return Done(run, "Syncs read the record again when the provider sends it: after its next change there, in the weekly full pass, or now by a replay from the start.");
    }

    private async Task<(SupportedRun? Run, SkipInput? Input, Problem? Problem)> OpenAsync(HttpRequest request, string clientId, string runId, CancellationToken cancellationToken)
    {
        var (run, problem) = await door.OpenAsync(clientId, runId, cancellationToken);
        if (run is null)
            return (null, null, problem);
        (var input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.SkipInput, cancellationToken);
        if (input is null)
            return (null, null, problem);
        (var reason, problem) = SupportDoor.Reason(input.Reason, SkippedRecords.LongestReason);
        if (reason is null)
            return (null, null, problem);
        if (run.Run.Provider is not { } key || providers.Find(key)?.Datasets.Any(dataset => dataset.Name == input.Dataset) != true)
            return (null, null, Problems.BadField("dataset", "one that the run's provider has."));
        if (input.RecordId is not { Length: > 0 and <= LongestId } id || id.Any(letter => letter is <= ' ' or > '~'))
            return (null, null, Problems.BadField("recordId", $"the id that the run's error names, at most {LongestId} characters."));
        return (run, input with { Reason = reason }, null);
    }

    private static Answer<RunActionBody> Done(SupportedRun run, string words) => Answer.Ok(new RunActionBody(run.Run.RunId.Value, words), ApiJson.Default.RunActionBody);
}
