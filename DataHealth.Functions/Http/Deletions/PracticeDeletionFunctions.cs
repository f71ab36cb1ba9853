using DataHealth.Core;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Deletion;
using DataHealth.Functions.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace DataHealth.Functions.Http.Deletions;

/// <summary>What deleting a practice takes.</summary>
/// <param name="Name">The practice's name, typed by the person.</param>
public sealed record PracticeDeletionInput(string? Name);

/// <summary>The deletion of a practice under way, or its certificate.</summary>
public sealed record PracticeDeletionBody(
    string PracticeId, DeletionState State, string RequestedBy, DateTimeOffset RequestedAt, DateTimeOffset? CompletedAt, int Clients, int ClientsDone, IReadOnlyList<DeletedBody>? Deleted)
{
    public static PracticeDeletionBody Of(PracticeDeletion deletion) => new(
        deletion.Practice.Value, deletion.CompletedAt is null ? DeletionState.Running : DeletionState.Done, deletion.RequestedBy.Value, deletion.RequestedAt.ToUniversalTime(),
        deletion.CompletedAt?.ToUniversalTime(), deletion.Clients, deletion.ClientsDone,
        deletion.Counts is null ? null : [.. deletion.Counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => new DeletedBody(count.Key, count.Value))]);
}

/// <summary>Deleting a practice. Its admins see how far it is until they are deleted themselves; its certificate is with our support.</summary>
public sealed class PracticeDeletionFunctions(ICurrentMember member, RequestPracticeDeletion request, ReadPracticeDeletion read)
{
    [Function("DeletePractice")]
    public async Task<IResult> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "practice/deletion")] HttpRequest http, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.DeletePractice))
            return Problems.MayNot(member.Actor, Permissions.DeletePractice);
        var (input, problem) = await RequestBody.ReadAsync(http, ApiJson.Default.PracticeDeletionInput, cancellationToken);
        if (input is null)
            return problem!;
        switch (await request.ExecuteAsync(member.Actor, input.Name, cancellationToken))
        {
            case PracticeDeletionOutcome.UnderWay { Deletion: var deletion }:
                await DeletionStarter.StartAsync(durable, deletion.Practice, cancellationToken);
                return Answer.Accepted("practice/deletion", PracticeDeletionBody.Of(deletion), ApiJson.Default.PracticeDeletionBody);
            case PracticeDeletionOutcome.NameDiffers:
                return Problems.BadField("name", "type the practice's name exactly as its page shows it.");
            case PracticeDeletionOutcome.Unknown:
                return Problems.NoPractice;
            case var other:
                throw new InvalidOperationException($"{other} is not an outcome of a practice's deletion.");
        }
    }

    [Function("GetPracticeDeletion")]
    public async Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practice/deletion")] HttpRequest http, CancellationToken cancellationToken) =>
        member.May(Permissions.DeletePractice) ? await OneAsync(member.Practice, cancellationToken) : Problems.MayNot(member.Actor, Permissions.DeletePractice);

    [Function("GetDeletionOfPractice")]
    public async Task<IResult> GetOfAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practices/{practiceId}/deletion")] HttpRequest http, string practiceId, CancellationToken cancellationToken) =>
        !member.May(Permissions.Support) ? Problems.MayNot(member.Actor, Permissions.Support)
        : Practice.IsWellFormed(practiceId) ? await OneAsync(new PracticeId(practiceId), cancellationToken)
        : Problems.NoDeletion;

    private async Task<IResult> OneAsync(PracticeId practice, CancellationToken cancellationToken) =>
        await read.ExecuteAsync(practice, cancellationToken) is { } deletion ? Answer.Ok(PracticeDeletionBody.Of(deletion), ApiJson.Default.PracticeDeletionBody) : Problems.NoDeletion;
}
