using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace DataHealth.Local.Runtime.Discovery;

/// <summary>What a function's method may look like.</summary>
internal static class FunctionSignature
{
    public static IEnumerable<string> Errors(FunctionEntry function)
    {
        var found = MethodErrors(function)
            .Concat(TriggerErrors(function))
            .Concat(ReturnErrors(function))
            .Concat(function.Parameters.Where(parameter => !function.IsTrigger(parameter)).SelectMany(parameter => ParameterErrors(function, parameter)));
        return found.Select(error => $"Function '{function.Name}' ({function.Place}): {error}");
    }

    private static IEnumerable<string> MethodErrors(FunctionEntry function)
    {
        var method = function.Method;
        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true })
            yield return "the method and its class must be public.";
        if (method.ContainsGenericParameters)
            yield return "neither the method nor its class can be generic.";
        if (!method.IsStatic && method.DeclaringType is { IsAbstract: true })
            yield return "its class is abstract and cannot be constructed.";
    }

    private static IEnumerable<string> TriggerErrors(FunctionEntry function)
    {
        var expected = function.Kind switch
        {
            FunctionKind.Http => typeof(HttpRequest),
            FunctionKind.Timer => typeof(TimerInfo),
            FunctionKind.Orchestrator => typeof(TaskOrchestrationContext),
            _ => null,
        };
        if (expected is not null && function.TriggerParameter.ParameterType != expected)
            yield return $"the trigger's parameter '{function.TriggerParameter.Name}' must be a {expected.Name}, not a {function.TriggerParameter.ParameterType.Name}.";
    }

    private static IEnumerable<string> ReturnErrors(FunctionEntry function)
    {
        if (function.Method.ReturnType == typeof(void) && function.Method.IsDefined(typeof(AsyncStateMachineAttribute)))
            yield return "it is 'async void', which nobody can await; return a Task.";
        var result = function.ResultType;
        if (result == typeof(void))
            yield break;
        if (function.Kind is FunctionKind.Http && !result.IsAssignableTo(typeof(IActionResult)) && !result.IsAssignableTo(typeof(IResult)))
            yield return $"an HTTP function returns an IActionResult or an IResult, not a {result.Name}.";
        if (function.Kind is FunctionKind.Timer)
            yield return $"a timer function returns nothing, not a {result.Name}: the host has no use for it.";
        if (result.IsAssignableTo(typeof(Task)) || result.IsByRef || result.IsPointer)
            yield return $"the host cannot use a {function.Method.ReturnType.Name} of {result.Name} as a result.";
    }

    private static IEnumerable<string> ParameterErrors(FunctionEntry function, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.IsOut || type.IsByRef)
            yield return $"the parameter '{parameter.Name}' cannot be 'ref' or 'out'.";
        else if (parameter.IsDefined(typeof(DurableClientAttribute)))
        {
            if (type != typeof(DurableTaskClient))
                yield return $"the parameter '{parameter.Name}' has [DurableClient] and must be a DurableTaskClient, not a {type.Name}.";
            if (function.Kind is FunctionKind.Orchestrator)
                yield return $"an orchestrator cannot take a durable client ('{parameter.Name}'); do that in an activity.";
        }
        else if (type == typeof(DurableTaskClient))
            yield return $"the parameter '{parameter.Name}' is a DurableTaskClient and needs [DurableClient].";
        else if (type == typeof(HttpContext))
            yield return $"the worker does not bind HttpContext ('{parameter.Name}'); take it from FunctionContext.GetHttpContext().";
        else if (type == typeof(FunctionContext) || type == typeof(CancellationToken))
            yield break;
        else if (parameter.IsDefined(typeof(FromBodyAttribute)) ? function.Kind is not FunctionKind.Http : !IsNamedValue(function, type))
            yield return $"nothing can be bound to the parameter '{parameter.Name}' ({type.Name}); services are taken in the constructor.";
    }

    private static bool IsNamedValue(FunctionEntry function, Type type)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        return function.Kind is FunctionKind.Http
            && (value.IsPrimitive || value.IsEnum || value == typeof(string) || value == typeof(Guid) || value == typeof(decimal) || value == typeof(DateTime));
    }
}
