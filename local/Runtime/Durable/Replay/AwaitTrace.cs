using System.Reflection;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>Finds what an unfinished async method awaits, by following the compiler's state machines from the outermost inwards.</summary>
internal static class AwaitTrace
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>For example "Task.Delay in SyncRun.RunAsync"; as much of it as can be known.</summary>
    public static string Describe(Task outermost)
    {
        string? method = null;
        string? awaited = null;
        object? current = outermost;
        for (var depth = 0; depth < 40 && current is not null; depth++)
        {
            if (current.GetType().GetField("StateMachine", Fields)?.GetValue(current) is not { } machine)
            {
                awaited ??= NameOf(current.GetType());
                break;
            }
            var (name, isUsers) = MethodOf(machine.GetType());
            if (isUsers)
                (method, awaited) = (name, null);
            else if (method is not null)
                awaited ??= name;
            current = AwaitedBy(machine);
        }
        return $"{awaited ?? "something"} in {method ?? "code that could not be found"}";
    }

    private static object? AwaitedBy(object machine) => machine.GetType().GetFields(Fields)
        .Where(field => field.Name.StartsWith("<>u__", StringComparison.Ordinal))
        .Select(field => field.GetValue(machine))
        .Select(awaiter => awaiter is null ? null : TaskOf(awaiter, 0))
        .FirstOrDefault(task => task is not null);

    // TaskAwaiter holds the task in m_task; a ValueTask's awaiter holds the ValueTask in _value, which holds it in _obj.
    private static object? TaskOf(object value, int depth)
    {
        if (value is Task || depth > 3)
            return value as Task;
        return value.GetType().GetFields(Fields)
            .Where(field => field.Name is "m_task" or "_value" or "_obj" or "m_configuredTaskAwaiter")
            .Select(field => field.GetValue(value))
            .Select(inner => inner is null ? null : TaskOf(inner, depth + 1))
            .FirstOrDefault(task => task is not null);
    }

    private static (string Name, bool IsUsers) MethodOf(Type machine)
    {
        var owner = machine.DeclaringType;
        while (owner?.DeclaringType is { } outer && owner.Name.StartsWith('<'))
            owner = outer;
        var end = machine.Name.LastIndexOf('>');
        var method = end > 1 ? machine.Name[1..end].Trim('<', '>') : machine.Name;
        var assembly = machine.Assembly;
        var name = assembly.GetName().Name ?? "";
        var users = assembly != typeof(AwaitTrace).Assembly
            && !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal);
        return ($"{owner?.Name}.{method}", users);
    }

    private static string NameOf(Type task) => task.Name switch
    {
        "DelayPromise" or "DelayPromiseWithCancellation" => "Task.Delay",
        "UnwrapPromise`1" => "Task.Run",
        "WhenAllPromise" or "WhenAllPromise`1" => "Task.WhenAll of tasks that are not durable",
        "CompleteOnInvokePromise" or "TwoTaskWhenAnyPromise`1" => "Task.WhenAny of tasks that are not durable",
        _ => $"a task ({task.Name})",
    };
}
