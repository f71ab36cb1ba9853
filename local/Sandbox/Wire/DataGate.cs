using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Accounting;
using DataHealth.Local.Sandbox.Assets;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>A data call's way in: token, connection, limits; then scope and rights, then the data.</summary>
internal sealed class DataGate(SandboxWorld world, TokenIssuer issuer, LimitGate limits, Library library, PageWatch pages)
{
    /// <summary>Null when the call may go on; the caller must then <see cref="Leave"/>.</summary>
    public Reply? Admit(ProviderCall call, out IReadOnlyDictionary<string, string> limitHeaders)
    {
        limitHeaders = new Dictionary<string, string>();
        var switches = world.Switches;
        if (Authenticate(call, switches) is { } unauthorized)
            return unauthorized;
        var bearer = call.Bearer!;
        if (!Guid.TryParse(call.Header("xero-tenant-id"), out var tenantId))
            return ErrorReplies.Forbidden(switches);
        var (app, connection, settings) = world.Read(state => (state.Apps.GetValueOrDefault(bearer.ClientId), state.Reachable(bearer.ClientId, bearer.PersonId, tenantId), state.Limits));
        if (app is null || connection is null || bearer.PersonId is null)
            return ErrorReplies.Forbidden(switches);
        call.TenantId = tenantId;
        var rapid = app.SyncsRapidly && world.Clock.UtcNow < connection.UpdatedUtc.AddMinutes(settings.RapidSyncMinutes);
        var admission = limits.Enter(settings, app, tenantId, rapid);
        call.InFlight = admission.InFlight;
        limitHeaders = new Dictionary<string, string>
        {
            ["X-DayLimit-Remaining"] = Text(admission.DayLeft),
            ["X-MinLimit-Remaining"] = Text(admission.MinuteLeft),
            ["X-AppMinLimit-Remaining"] = Text(admission.AppMinuteLeft),
        };
        return admission.Refused is { } limit ? Refuse(settings, limit, admission.RetryAfter) : null;
    }

    /// <summary>A call that names no tenant: a token and the app's minute are all that it needs.</summary>
    public Reply? AdmitApp(ProviderCall call, out IReadOnlyDictionary<string, string> limitHeaders)
    {
        limitHeaders = new Dictionary<string, string>();
        if (Authenticate(call, world.Switches) is { } unauthorized)
            return unauthorized;
        var settings = world.Read(state => state.Limits);
        var left = limits.EnterApp(settings, call.Bearer!.ClientId);
        limitHeaders = new Dictionary<string, string> { ["X-AppMinLimit-Remaining"] = Text(Math.Max(0, left)) };
        return left < 0 ? Refuse(settings, LimitKind.AppMinute, settings.RetryAfter ? (int)Math.Ceiling(settings.MinuteSeconds) : null) : null;
    }

    public void Leave(ProviderCall call) => limits.Leave(call.Bearer!.ClientId, call.TenantId!.Value);

    public Reply Answer(ProviderCall call)
    {
        var bearer = call.Bearer!;
        var (app, person, organisation, switches) = world.Read(state =>
            (state.Apps[bearer.ClientId], state.People.GetValueOrDefault(bearer.PersonId!.Value), state.Organisations[call.TenantId!.Value], state.Switches));
        if (person is null)
            return ErrorReplies.Forbidden(switches);
        if (switches.Maintenance)
            return ErrorReplies.Maintenance(switches);
        if (organisation.Offline)
            return ErrorReplies.OrganisationOffline(switches);
        if (call.Segments.Count < 3)
            return ErrorReplies.NotFound();
        var segments = call.Segments.Skip(2).Select(Uri.UnescapeDataString).ToList();
        var scoped = call.Api == "assets" && segments[0].Equals("Settings", StringComparison.OrdinalIgnoreCase) ? "AssetSettings" : ScopeKey(segments);
        if (!ScopeCatalogue.Covers(bearer.Scopes, ScopeCatalogue.For(scoped, segments.Count > 1 ? segments[1] : null)))
            return ErrorReplies.InsufficientScope(switches);
        if (scoped == "Reports" && !person.CanSeeReports || scoped is "ManualJournals" or "Journals" && !person.CanSeeManualJournals)
            return ErrorReplies.Forbidden(switches);
        if (!call.IsGet)
            return ErrorReplies.NotImplemented();
        var caller = new DataCaller(app, person, organisation, library.Open(organisation), switches, world.Clock.UtcNow);
        var reply = call.Api == "assets"
            ? AssetsApi.Get(caller, segments, call.Query)
            : Negotiate(call, AccountingApi.Get(caller, segments, call.Query, call.Header("If-Modified-Since")));
        foreach (var due in pages.Called(organisation.TenantId, scoped))
            CarryOut(due, organisation);
        return reply;
    }

    private void CarryOut(ScheduledEdits due, Organisation organisation)
    {
        var now = world.Clock.UtcNowToMillisecond;
        try
        {
            foreach (var edit in due.Edits)
                library.Apply(organisation, edit.At(now));
            if (due.Random is { } random)
                library.ApplyRandom(organisation, random.Seed + (ulong)due.Fired, random.Count, random.Mix ?? Books.EditMix.Default, now);
        }
        catch (InvalidOperationException exception)
        {
            // The call that it came after is innocent: who scheduled the edit reads it there.
            pages.Refuse(due.Id, exception.Message);
        }
    }

    private Reply? Authenticate(ProviderCall call, Switches switches)
    {
        var authorization = call.Header("Authorization");
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return ErrorReplies.Unauthorized(switches);
        if (issuer.Read(authorization[7..].Trim()) is not { } bearer)
            return ErrorReplies.Unauthorized(switches);
        call.Bearer = bearer;
        call.ClientId = bearer.ClientId;
        return world.Clock.UtcNow >= bearer.ExpiresUtc ? ErrorReplies.TokenExpired(switches, bearer.ExpiresUtc) : null;
    }

    private static Reply Negotiate(ProviderCall call, Reply reply) =>
        reply.Status == 200 && reply.ContentType == Reply.JsonType && !XmlForm.WantsJson(call.Header("Accept")) ? XmlForm.Of(reply) : reply;

    private static string ScopeKey(List<string> segments)
    {
        if (segments.Count == 3 && segments[2].Equals("Attachments", StringComparison.OrdinalIgnoreCase))
            return "Attachments";
        if (segments[0].Equals("Reports", StringComparison.OrdinalIgnoreCase))
            return "Reports";
        if (segments[0].Equals("Journals", StringComparison.OrdinalIgnoreCase))
            return "Journals";
        if (segments[0].Equals("Assets", StringComparison.OrdinalIgnoreCase))
            return "Assets";
        if (segments[0].Equals("AssetTypes", StringComparison.OrdinalIgnoreCase))
            return "AssetTypes";
        return Endpoints.Find(segments[0])?.Name ?? segments[0];
    }

    private static Reply Refuse(LimitSettings settings, LimitKind limit, int? retryAfter)
    {
        var problem = (settings.Spelling, limit) switch
        {
            (ProblemSpelling.Lower, _) => limit.ToString().ToLowerInvariant(),
            (_, LimitKind.Day) => "Daily",
            _ => limit.ToString(),
        };
        var reply = settings.Body switch
        {
            LimitedBody.Text => Reply.Text(429, "Rate limit exceeded"),
            LimitedBody.Json => Reply.Json(429, new JsonObject { ["Type"] = null, ["Title"] = "Too Many Requests", ["Status"] = 429, ["Detail"] = "RateLimitExceeded" }),
            _ => Reply.Empty(429),
        };
        reply.With("X-Rate-Limit-Problem", problem);
        return retryAfter is { } seconds ? reply.With("Retry-After", Text(seconds)) : reply;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
