using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DataHealth.Local.Runtime.Discovery;

/// <summary>What starts a function.</summary>
internal enum FunctionKind
{
    Http,
    Timer,
    Orchestrator,
    Activity,
}

/// <summary>One function of the application: a method with <see cref="FunctionAttribute"/> and the parameter that carries its trigger.</summary>
internal sealed record FunctionEntry(string Name, FunctionKind Kind, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    public IReadOnlyList<ParameterInfo> Parameters { get; } = Method.GetParameters();

    /// <summary>Whether it is the parameter that carries the trigger. By its place: reflection may give two objects for one parameter when threads ask at once.</summary>
    public bool IsTrigger(ParameterInfo parameter) => parameter.Position == TriggerParameter.Position;

    /// <summary>Where the method is, for messages: class and method.</summary>
    public string Place => $"{Method.DeclaringType?.Name}.{Method.Name}";

    /// <summary>What the method's result is once awaited; <see langword="void"/> when there is none.</summary>
    public Type ResultType => AwaitedType(Method.ReturnType);

    private static Type AwaitedType(Type declared)
    {
        if (declared == typeof(Task) || declared == typeof(ValueTask))
            return typeof(void);
        return declared.IsGenericType && (declared.GetGenericTypeDefinition() == typeof(Task<>) || declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? declared.GetGenericArguments()[0]
            : declared;
    }
}

/// <summary>The functions of the application, checked.</summary>
internal interface IFunctionCatalog
{
    IReadOnlyList<FunctionEntry> Functions { get; }
}

/// <summary>The application cannot start; the message says which function or setting, and what is wrong with it.</summary>
internal sealed class FunctionAppStartException(string message, Exception? inner = null) : Exception(message, inner);
