using System.Text.Json;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.QuickBooks.Identity;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Wire;

/// <summary>Answers every call outside the control API: routes it, lets faults at it, sends and logs it.</summary>
internal sealed partial class RealmPipeline(
    QuickBooksWorld world, RealmGate data, RealmAuthorizePages authorize, RealmTokenEndpoint tokens, IdTokens ids, FaultBoard faults, CallLog log, ILogger<RealmPipeline> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var call = new RealmCall(http);
        var started = world.Clock.GetTimestamp();
        var at = world.Clock.UtcNow;
        var answer = new Answer(http, "intuit_tid", call.TransactionId);
        try
        {
            await call.ReadBodyAsync();
            if (call.IsData)
                await DataAsync(call, answer);
            else if (call.Endpoint is "token")
                await TokenAsync(call, answer);
            else
                await WithFaultsAsync(call, answer, () => Identity(call));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            answer.Gone();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A mistake of the sandbox, not a fault that was asked for: it must be seen.
            Log.Failed(logger, exception, call.Method, http.Request.Path);
            if (!http.Response.HasStarted)
                await answer.SendAsync(FaultReplies.Internal(world.Clock.UtcNow));
        }
        finally
        {
            log.Add(new CallEntry(0, at, call.IsData ? "accounting" : "identity", call.Endpoint, call.ClientId ?? call.Query.GetValueOrDefault("client_id"), call.Grant?.PersonId,
                call.Grant is { } grant ? new TenantKey(grant.RealmId) : null, call.Method, call.Path, call.SafeQuery, call.Form.GetValueOrDefault("grant_type"), null,
                answer.Status, answer.Bytes, world.Clock.GetElapsedTime(started).TotalMilliseconds, call.InFlight, call.Fault)
            { IsTraced = CallEntry.HasTrace(http.Request.Headers) });
        }
    }

    private async Task DataAsync(RealmCall call, Answer answer)
    {
        if (data.Admit(call) is { } refused)
        {
            await answer.SendAsync(refused);
            return;
        }

        try
        {
            await WithFaultsAsync(call, answer, () =>
            {
                var reply = data.Answer(call);
                data.Meter(call, reply);
                return reply;
            });
        }
        finally
        {
            data.Leave(call);
        }
    }

    /// <summary>A token call is under way from its coming in until its answer is sent, so that two can meet.</summary>
    private async Task TokenAsync(RealmCall call, Answer answer)
    {
        using var meeting = tokens.Begin(call.Form);
        call.ClientId = call.Form.GetValueOrDefault("client_id") ?? TokenEndpoint.Basic(call.Header("Authorization"))?.Id;
        if (!meeting.CameSecond)
            await Task.Delay(world.Switches.TokenMilliseconds, call.Http.RequestAborted);
        await WithFaultsAsync(call, answer, () => HttpMethods.IsPost(call.Method)
            ? tokens.Token(call.Header("Authorization"), call.Form, "true".Equals(call.Header("x-include-refresh-token-hard-expires-in"), StringComparison.OrdinalIgnoreCase), meeting)
            : Reply.Empty(405));
    }

    private async Task WithFaultsAsync(RealmCall call, Answer answer, Func<Reply> carryOut)
    {
        call.ClientId ??= call.Form.GetValueOrDefault("client_id") ?? TokenEndpoint.Basic(call.Header("Authorization"))?.Id;
        var met = faults.Meet(new FaultTarget(call.Endpoint, call.IsData, call.RealmId is { } realm ? new TenantKey(realm) : null, call.ClientId, call.Grant?.PersonId));
        if (met.Count > 0)
            call.Fault = string.Join(',', met.Select(fault => JsonNamingPolicy.CamelCase.ConvertName(fault.Fault.Kind.ToString())));
        foreach (var slow in met.Where(fault => fault.Fault.Kind is FaultKind.Delay or FaultKind.Hold))
            await faults.SlowAsync(slow, call.Http.RequestAborted);
        if (met.Any(fault => fault.Fault.Kind == FaultKind.Reset))
        {
            answer.Abort();
            return;
        }

        var now = world.Clock.UtcNow;
        var reply = met.Select(fault => RealmFaults.Instead(fault, world.Switches, now)).FirstOrDefault(instead => instead is not null) ?? carryOut();
        await answer.SendAsync(reply, met, call.Endpoint);
    }

    private Reply Identity(RealmCall call)
    {
        var browser = call.Http.Request.Cookies[RealmAuthorizePages.Cookie];
        return (call.Method.ToUpperInvariant(), call.Path.ToLowerInvariant()) switch
        {
            ("GET", "/connect/oauth2") => authorize.Start(call.Query, browser),
            ("POST", "/connect/signin") => authorize.SignIn(call.Form, browser),
            ("POST", "/connect/consent") => authorize.Decide(call.Form, browser),
            ("POST", "/v2/oauth2/tokens/revoke") => tokens.Revoke(call.Header("Authorization"), call.Form, call.Body),
            ("GET", "/v1/openid_connect/userinfo") => UserInfo(call),
            ("GET", "/.well-known/openid_configuration" or "/.well-known/openid_sandbox_configuration") => ids.Discovery($"{call.Http.Request.Scheme}://{call.Http.Request.Host}"),
            ("GET", "/op/v1/jwks") => ids.Keys(),
            _ => Reply.Text(404, "Not Found"),
        };
    }

    private Reply UserInfo(RealmCall call)
    {
        if (data.Authenticate(call) is { } refused)
            return refused;
        var person = world.Read(state => state.People.GetValueOrDefault(call.Grant!.PersonId));
        return person is null || !call.Grant!.Scopes.Contains("openid") ? FaultReplies.Unauthorized(world.Clock.UtcNow) : IdTokens.UserInfo(call.Grant, person);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The QuickBooks sandbox failed on {Method} {Path}")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);
    }
}
