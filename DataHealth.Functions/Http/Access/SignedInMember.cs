using System.Collections.Frozen;
using System.Reflection;
using DataHealth.Core.Practices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Access;

/// <summary>Says for each request who asks; answers 401 where a member is needed and nobody is signed in.</summary>
public sealed class SignedInMember(IOptions<LocalMemberOptions> options) : IFunctionsWorkerMiddleware
{
    private readonly FrozenSet<string> _open = typeof(SignedInMember).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(OpenToAllAttribute)))
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || _open.Contains(context.FunctionDefinition.Name))
            return next(context);
        if (!options.Value.IsConfigured)
        {
            context.GetInvocationResult().Value = Problems.NotSignedIn;
            return Task.CompletedTask;
        }
        context.InstanceServices.GetRequiredService<CurrentMember>().Actor = options.Value.ToActor(http.TraceIdentifier);
        return next(context);
    }
}
