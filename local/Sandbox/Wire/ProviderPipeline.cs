using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Connections;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>Answers every call outside the control API: routes it, lets faults at it, sends and logs it.</summary>
internal sealed partial class ProviderPipeline(
    SandboxWorld world, DataGate data, AuthorizeEndpoint authorize, TokenEndpoint tokens, Discovery discovery, ConnectionsEndpoint connections, FaultBoard faults, CallLog log,
    ILogger<ProviderPipeline> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var call = new ProviderCall(http);
        var started = world.Clock.GetTimestamp();
        var at = world.Clock.UtcNow;
        var answer = new Answer(http, "Xero-Correlation-Id", call.CorrelationId);
        try
        {
            await call.ReadFormAsync();
            if (call.UrlLength > world.Switches.LongestUrl && call.Api != "identity")
                await answer.SendAsync(ErrorReplies.NotFound());
            else if (call.Api is "accounting" or "assets")
                await DataAsync(call, answer);
            else if (call.Api == "connections")
                await ConnectionsAsync(call, answer);
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
                await answer.SendAsync(ErrorReplies.InternalError());
        }
        finally
        {
            log.Add(new CallEntry(0, at, call.Api, call.Endpoint, call.ClientId ?? call.Query.GetValueOrDefault("client_id"), call.Bearer?.PersonId, call.TenantId, call.Method, http.Request.Path.Value ?? "", call.SafeQuery,
                call.Form.GetValueOrDefault("grant_type"), call.Header("If-Modified-Since"), answer.Status, answer.Bytes,
                world.Clock.GetElapsedTime(started).TotalMilliseconds, call.InFlight, call.Fault)
            { IsTraced = CallEntry.HasTrace(http.Request.Headers) });
        }
    }

    private async Task DataAsync(ProviderCall call, Answer answer)
    {
        var refused = data.Admit(call, out var headers);
        answer.AlwaysSend(headers);
        if (refused is not null)
        {
            await answer.SendAsync(refused);
            return;
        }

        try
        {
            await WithFaultsAsync(call, answer, () => data.Answer(call));
        }
        finally
        {
            data.Leave(call);
        }
    }

    private async Task ConnectionsAsync(ProviderCall call, Answer answer)
    {
        var refused = data.AdmitApp(call, out var headers);
        answer.AlwaysSend(headers);
        if (refused is not null)
            await answer.SendAsync(refused);
        else
            await WithFaultsAsync(call, answer, () => (call.Method.ToUpperInvariant(), call.Segments.Count) switch
            {
                ("GET", 1) => connections.List(call.Bearer!, call.Query.GetValueOrDefault("authEventId")),
                ("DELETE", 2) => connections.Delete(call.Bearer!, call.Segments[1]),
                _ => ErrorReplies.NotFound(),
            });
    }

    private async Task WithFaultsAsync(ProviderCall call, Answer answer, Func<Reply> carryOut)
    {
        call.ClientId ??= call.Form.GetValueOrDefault("client_id") ?? TokenEndpoint.Basic(call.Header("Authorization"))?.Id;
        var met = faults.Meet(new FaultTarget(call.Endpoint, call.IsData, call.TenantId, call.ClientId, call.Bearer?.PersonId));
        if (met.Count > 0)
            call.Fault = string.Join(',', met.Select(fault => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(fault.Fault.Kind.ToString())));
        foreach (var slow in met.Where(fault => fault.Fault.Kind is FaultKind.Delay or FaultKind.Hold))
            await faults.SlowAsync(slow, call.Http.RequestAborted);
        if (met.Any(fault => fault.Fault.Kind == FaultKind.Reset))
        {
            answer.Abort();
            return;
        }

        var reply = met.Select(fault => Mangling.Instead(fault, world.Switches, world.Clock.UtcNow)).FirstOrDefault(instead => instead is not null) ?? carryOut();
        await answer.SendAsync(reply, met, call.Endpoint);
    }

    private Reply Identity(ProviderCall call)
    {
        var browser = call.Http.Request.Cookies[AuthorizeEndpoint.Cookie];
        var authorization = call.Header("Authorization");
        return (call.Method.ToUpperInvariant(), (call.Http.Request.Path.Value ?? "").TrimEnd('/').ToLowerInvariant()) switch
        {
            ("GET", "/identity/connect/authorize") => authorize.Start(call.Query, browser),
            ("POST", "/identity/connect/signin") => authorize.SignIn(call.Form, browser),
            ("POST", "/identity/connect/consent") => authorize.Decide(call.Form, call.Http.Request.HasFormContentType ? call.Http.Request.Form["organisation"] : [], browser),
            ("POST", "/connect/token") => tokens.Token(authorization, call.Form),
            ("POST", "/connect/revocation") => tokens.Revoke(authorization, call.Form),
            ("GET", "/.well-known/openid-configuration") => discovery.Document($"{call.Http.Request.Scheme}://{call.Http.Request.Host}"),
            ("GET", "/.well-known/openid-configuration/jwks") => discovery.Keys(),
            _ => ErrorReplies.NotFound(),
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The sandbox failed on {Method} {Path}")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);
    }
}
