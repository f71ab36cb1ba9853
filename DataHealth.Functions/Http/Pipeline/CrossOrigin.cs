using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Pipeline;

/// <summary>
/// Lets the front end's own origins read our answers (<c>Web:Origins</c>), by ASP.NET Core's own evaluation. In Azure the platform does this in front of us, from the infrastructure's list, and
/// the setting stays empty. Tokens are bearer tokens, no cookie is ever read: another site's page can send a request but not a person's right with it.
/// </summary>
internal sealed class CrossOrigin(ICorsService cors, IOptions<WebOptions> web) : IFunctionsWorkerMiddleware
{
    private readonly CorsPolicy? _policy = web.Value.Origins.Count == 0 ? null : new CorsPolicyBuilder([.. web.Value.Origins])
        .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("authorization", "content-type", "if-match", Access.SignedInMember.PracticeHeader, RequestIdentity.Header)
        .WithExposedHeaders("etag", "location", "retry-after", RequestIdentity.Header)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
        .Build();

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (_policy is null || context.GetHttpContext() is not { } http || !http.Request.Headers.ContainsKey("Origin"))
            return next(context);
        var result = cors.EvaluatePolicy(http, _policy);
        cors.ApplyResult(result, http.Response);
        if (!result.IsPreflightRequest)
            return next(context);
        context.GetInvocationResult().Value = Results.NoContent();
        return Task.CompletedTask;
    }
}
