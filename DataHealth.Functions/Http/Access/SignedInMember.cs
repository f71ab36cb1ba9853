using System.Collections.Frozen;
using System.Reflection;
using DataHealth.Core.Practices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace DataHealth.Functions.Http.Access;

/// <summary>Answers 401 where a member is needed and nobody is signed in.</summary>
public sealed class SignedInMember(ICurrentMember member) : IFunctionsWorkerMiddleware
{
    private readonly FrozenSet<string> _open = typeof(SignedInMember).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(OpenToAllAttribute)))
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name)
        .ToFrozenSet(StringComparer.Ordinal);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is null || _open.Contains(context.FunctionDefinition.Name) || member.Actor.Permissions != Permissions.None)
            return next(context);
        context.GetInvocationResult().Value = Problems.NotSignedIn;
        return Task.CompletedTask;
    }
}
