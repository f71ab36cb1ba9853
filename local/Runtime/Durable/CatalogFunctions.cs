using DataHealth.Local.Runtime.Discovery;
using DataHealth.Local.Runtime.Invocation;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>The application's orchestrators and activities, run as every other function: with middleware and a scope of their own.</summary>
internal sealed class CatalogFunctions(IFunctionCatalog catalog, IFunctionInvoker invoker, IServiceScopeFactory scopes, DataConverter converter) : IDurableFunctions
{
    private readonly Dictionary<string, FunctionEntry> _orchestrators = ByName(catalog, FunctionKind.Orchestrator);
    private readonly Dictionary<string, FunctionEntry> _activities = ByName(catalog, FunctionKind.Activity);

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, ICollection<IAsyncDisposable> episode)
    {
        var scope = scopes.CreateAsyncScope();
        episode.Add(scope);
        return converter.Serialize(await invoker.ReplayAsync(_orchestrators[name], context, scope.ServiceProvider));
    }

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? input, string traceParent, CancellationToken cancellation)
    {
        var activity = _activities[name];
        var value = converter.Deserialize(input, activity.TriggerParameter.ParameterType);
        return converter.Serialize(await invoker.InvokeAsync(activity, value, cancellation, traceParent: traceParent));
    }

    private static Dictionary<string, FunctionEntry> ByName(IFunctionCatalog catalog, FunctionKind kind) =>
        catalog.Functions.Where(function => function.Kind == kind).ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);
}
