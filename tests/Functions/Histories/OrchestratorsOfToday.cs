using System.Reflection;
using DataHealth.Functions.Composition;
using DataHealth.Local.Runtime.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>The orchestrators and activities of today's assembly, found as the host finds them. Activities are known by their signatures and not run.</summary>
internal sealed class OrchestratorsOfToday : IDurableFunctions
{
    private readonly DataConverter _converter = new JsonPayloads();
    private readonly Dictionary<string, MethodInfo> _orchestrators = Find<OrchestrationTriggerAttribute>();
    private readonly Dictionary<string, MethodInfo> _activities = Find<ActivityTriggerAttribute>();
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task>> _instead = [];

    public IEnumerable<string> Orchestrations => _orchestrators.Keys;

    /// <summary>Runs something else in the place of an orchestrator: the code of another day.</summary>
    public OrchestratorsOfToday With(string orchestration, Func<TaskOrchestrationContext, Task> other)
    {
        _instead[orchestration] = other;
        return this;
    }

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    /// <summary>What an activity takes.</summary>
    /// <summary>What an activity answers; null for nothing.</summary>
    public Type? AnswerOf(string activity) => _activities[activity].ReturnType is { IsGenericType: true } task ? task.GetGenericArguments()[0] : null;

    public Type InputOf(string activity) => _activities[activity].GetParameters().Single(parameter => parameter.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType;

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, ICollection<IAsyncDisposable> episode)
    {
        var task = _instead.TryGetValue(name, out var other) ? other(context) : (Task)_orchestrators[name].Invoke(null, BindingFlags.DoNotWrapExceptions, null, [context], null)!;
        await task;
        return _orchestrators[name].ReturnType.IsGenericType ? _converter.Serialize(task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task)) : null;
    }

    public Task<string?> RunActivityAsync(string name, string instanceId, string? input, string traceParent, CancellationToken cancellation) =>
        throw new NotSupportedException("Histories say what activities answered.");

    private static Dictionary<string, MethodInfo> Find<TTrigger>()
        where TTrigger : Attribute => typeof(DataHealthApplication).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TTrigger))) && method.IsDefined(typeof(FunctionAttribute)))
            .ToDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name, StringComparer.OrdinalIgnoreCase);
}
