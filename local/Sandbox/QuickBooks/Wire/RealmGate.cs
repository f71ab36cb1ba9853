using System.Text.RegularExpressions;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.QuickBooks.Api;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Limits;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Wire;

/// <summary>A data call's way in: token (401), company (403), limits (429); then the subscription, the person's rights, the data.</summary>
internal sealed partial class RealmGate(QuickBooksWorld world, AccessTokens access, RealmLimits limits, RealmLibrary library, PageWatch pages)
{
    /// <summary>Null when the call may go on; the caller must then <see cref="Leave"/>.</summary>
    public Reply? Admit(RealmCall call)
    {
        Name(call);
        var now = world.Clock.UtcNow;
        if (Authenticate(call) is { } refused)
            return refused;
        var grant = call.Grant!;
        if (grant.RealmId != call.RealmId)
            return FaultReplies.WrongRealm(now);
        if (!grant.Scopes.Contains("com.intuit.quickbooks.accounting"))
            return FaultReplies.ScopeMissing(now);
        var (settings, app, switches) = world.Read(state => (state.Limits, state.Apps.GetValueOrDefault(grant.ClientId), state.Switches));
        if (app is null)
            return FaultReplies.Unauthorized(now);
        var admission = limits.Enter(settings, grant.ClientId, grant.RealmId, call.Endpoint == "batch", app.MonthLimit);
        call.InFlight = admission.InFlight;
        return admission.Refused is null ? null : FaultReplies.Limited(switches, switches.RetryAfter ? admission.RetryAfter : null, now);
    }

    public void Leave(RealmCall call) => limits.Leave(call.Grant!.ClientId, call.Grant.RealmId);

    /// <summary>Only successful reads are metered.</summary>
    public void Meter(RealmCall call, Reply reply)
    {
        if (reply.Status == 200)
            limits.Meter(call.Grant!.ClientId, call.Metered);
    }

    public Reply Answer(RealmCall call)
    {
        var now = world.Clock.UtcNow;
        var (company, switches) = world.Read(state => (state.Companies.GetValueOrDefault(call.RealmId!), state.Switches));
        if (company is null || company.Closed)
            return FaultReplies.WrongRealm(now);
        if (switches.Maintenance)
            return Reply.Html(503, "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>");
        if (company.SubscriptionEnded && switches.SubscriptionEnded != SubscriptionAnswer.Answered)
            return switches.SubscriptionEnded == SubscriptionAnswer.Code6190 ? FaultReplies.SubscriptionEnded(now) : FaultReplies.WrongRealm(now);
        if (!company.Members.Contains(call.Grant!.PersonId))
            return FaultReplies.NoRight(switches.NoRightStatus, now);
        call.Metered = call.Endpoint == "batch" ? BatchApi.Reads(call.Body) : 1;
        var reply = CompanyApi.Answer(call, library.Open(company), switches, now);
        foreach (var due in pages.Called(new TenantKey(company.RealmId), call.Endpoint))
            CarryOut(due, company);
        return reply;
    }

    /// <summary>Who a bearer token speaks for; the answer when it is no good.</summary>
    public Reply? Authenticate(RealmCall call)
    {
        var now = world.Clock.UtcNow;
        var authorization = call.Header("Authorization");
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || access.Read(authorization[7..].Trim()) is not { } token)
            return FaultReplies.Unauthorized(now);
        var (grant, switches) = world.Read(state => (state.Grants.GetValueOrDefault(token.GrantId), state.Switches));
        if (grant is null)
            return FaultReplies.Unauthorized(now);
        (call.Grant, call.ClientId) = (grant, grant.ClientId);
        if (grant.Ended == "disconnected" && switches.DisconnectedStatus == 403)
            return FaultReplies.WrongRealm(now);
        return now >= token.ExpiresUtc || grant.Ended is not null ? FaultReplies.Unauthorized(now) : null;
    }

    private void CarryOut(ScheduledEdits due, RealmCompany company)
    {
        var now = world.Clock.UtcNowToMillisecond;
        try
        {
            library.Apply(company, due.Edits.Select(edit => edit.AsEntityEdit(now)));
            if (due.Random is { } random)
                library.ApplyRandom(company, random.Seed + (ulong)due.Fired, random.Count, random.Mix ?? EditMix.Default, now);
        }
        catch (InvalidOperationException exception)
        {
            // The call that it came after is innocent: who scheduled the edit reads it there.
            pages.Refuse(due.Id, exception.Message);
        }
    }

    /// <summary>A call is named for what it reads, so that faults, counts and scheduled edits can name it.</summary>
    private static void Name(RealmCall call)
    {
        if (call.Endpoint == "query")
        {
            var query = call.Body.Length > 0 ? call.Body : call.Query.GetValueOrDefault("query") ?? "";
            if (FromClause().Match(query) is { Success: true } found)
                call.Endpoint = EntityNames.All.FirstOrDefault(entity => entity.Equals(found.Groups[1].Value, StringComparison.OrdinalIgnoreCase)) ?? found.Groups[1].Value;
        }
        else if (call.Endpoint.StartsWith("reports/", StringComparison.Ordinal))
        {
            call.Endpoint = "Reports/" + call.Endpoint[8..];
        }
        else
        {
            call.Endpoint = EntityNames.All.FirstOrDefault(entity => entity.Equals(call.Endpoint, StringComparison.OrdinalIgnoreCase)) ?? call.Endpoint;
        }
    }

    [GeneratedRegex(@"\bfrom\s+(\w+)", RegexOptions.IgnoreCase)]
    private static partial Regex FromClause();
}
