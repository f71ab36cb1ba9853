using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Practices.SupportAccess;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Members;

/// <summary>A practice in answers.</summary>
public sealed record PracticeBody(string Id, string Name, DateTimeOffset CreatedAt)
{
    public static PracticeBody Of(Practice practice) => new(practice.Id.Value, practice.Name, practice.CreatedAt.ToUniversalTime());
}

/// <summary>A page of practices.</summary>
public sealed record PracticeListBody(IReadOnlyList<PracticeBody> Items, string? Continuation);

/// <summary>Makes a practice and invites its first admin.</summary>
public sealed record NewPracticeInput(string? Name, string? AdminEmail, string? AdminName);

/// <summary>Gives the practice another name.</summary>
public sealed record PracticeInput(string? Name);

/// <summary>A new practice, with the invitation of its first admin.</summary>
public sealed record NewPracticeBody(PracticeBody Practice, InvitationBody Invitation);

/// <summary>Opens a practice for support.</summary>
public sealed record SupportAccessInput(string? Reason, int? Minutes);

/// <summary>An open access of support.</summary>
public sealed record SupportAccessBody(string PracticeId, string Reason, DateTimeOffset OpenedAt, DateTimeOffset Until);

/// <summary>Practices: their own page, and what our support does with them.</summary>
public sealed class PracticeFunctions(
    ICurrentMember member, MemberStore members, PracticeChanges changes, SupportAccesses accesses, KnownActors known, InvitationLinks links)
{
    private static readonly (int Least, int Most) Minutes = (5, 24 * 60);

    [Function("GetPractice")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practice")] HttpRequest request, CancellationToken cancellationToken) =>
        await members.FindAsync(member.Practice, cancellationToken) is { } own ? One(own) : Problems.NoPractice;

    [Function("ChangePractice")]
    public async Task<IResult> ChangeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "patch", Route = "practice")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.PracticeSettings))
            return Problems.MayNot(member.Actor, Permissions.PracticeSettings);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.PracticeInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!ClientName.TryParse(input.Name, out var name, out _))
            return Problems.BadField("name", "1 to 200 characters, no control characters.");
        return await changes.RenameAsync(member.Actor, name.Value, cancellationToken) is { } renamed ? One(renamed) : Problems.NoPractice;
    }

    [Function("ListPractices")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "practices")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.Support))
            return Problems.MayNot(member.Actor, Permissions.Support);
        if (Paging.Read(request, out var paging) is { } problem)
            return problem;
        if (paging.Continuation is not null && !Practice.IsWellFormed(paging.Continuation))
            return Problems.BadContinuation;
        var page = await members.ListAsync(paging.Take, paging.Continuation, cancellationToken);
        return Answer.Ok(new PracticeListBody([.. page.Practices.Select(PracticeBody.Of)], page.Continuation), ApiJson.Default.PracticeListBody);
    }

    [Function("AddPractice")]
    public async Task<IResult> AddAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "practices")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.Support))
            return Problems.MayNot(member.Actor, Permissions.Support);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.NewPracticeInput, cancellationToken);
        if (input is null)
            return problem!;
        if (!ClientName.TryParse(input.Name, out var name, out _))
            return Problems.BadField("name", "1 to 200 characters, no control characters.");
        if (!EmailAddress.TryParse(input.AdminEmail, out var email))
            return Problems.BadField("adminEmail", "the e-mail address of the practice's first admin.");
        ClientName? admin = null;
        if (input.AdminName is not null && !ClientName.TryParse(input.AdminName, out admin, out _))
            return Problems.BadField("adminName", "1 to 200 characters, no control characters.");
        var (practice, invitation) = await changes.CreateAsync(member.Actor, name.Value, email, admin?.Value ?? "", cancellationToken);
        return Answer.Created("practice", new NewPracticeBody(PracticeBody.Of(practice), await links.TellAsync(invitation, cancellationToken)), ApiJson.Default.NewPracticeBody);
    }

    [Function("OpenSupportAccess")]
    public async Task<IResult> OpenAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "practices/{practiceId}/support-access")] HttpRequest request, string practiceId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.Support))
            return Problems.MayNot(member.Actor, Permissions.Support);
        var (input, problem) = await RequestBody.ReadAsync(request, ApiJson.Default.SupportAccessInput, cancellationToken);
        if (input is null)
            return problem!;
        if (input.Reason?.Trim() is not { Length: > 0 and <= SupportAccesses.MostReason } reason)
            return Problems.BadField("reason", $"why, in words for the practice; 1 to {SupportAccesses.MostReason} characters.");
        if (input.Minutes is not { } minutes || minutes < Minutes.Least || minutes > Minutes.Most)
            return Problems.BadField("minutes", $"for how long; {Minutes.Least} to {Minutes.Most}.");
        if (!Practice.IsWellFormed(practiceId)
            || await accesses.OpenAsync(member.Actor, new PracticeId(practiceId), reason, TimeSpan.FromMinutes(minutes), cancellationToken) is not { } access)
            return Problems.NoPractice;
        known.Forget();
        return Answer.Ok(
            new SupportAccessBody(access.Practice.Value, access.Reason, access.OpenedAt.ToUniversalTime(), access.Until.ToUniversalTime()), ApiJson.Default.SupportAccessBody);
    }

    [Function("CloseSupportAccess")]
    public async Task<IResult> CloseAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "practices/{practiceId}/support-access")] HttpRequest request, string practiceId, CancellationToken cancellationToken)
    {
        if (!member.May(Permissions.Support))
            return Problems.MayNot(member.Actor, Permissions.Support);
        if (!Practice.IsWellFormed(practiceId))
            return Problems.NoPractice;
        var wasOpen = await accesses.CloseAsync(member.Actor, new PracticeId(practiceId), cancellationToken);
        known.Forget();
        return wasOpen ? Results.NoContent() : Problems.NoPractice;
    }

    private static Answer<PracticeBody> One(Practice practice) => Answer.Ok(PracticeBody.Of(practice), ApiJson.Default.PracticeBody);
}
