using Microsoft.DurableTask;

namespace DataHealth.Local.Runtime.Durable;

/// <summary>The functions that the engine runs, by name and with serialised inputs and outputs.</summary>
internal interface IDurableFunctions
{
    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>Runs the orchestrator on the calling thread as far as it goes without waiting.</summary>
    /// <param name="name">The orchestrator.</param>
    /// <param name="context">What it sees.</param>
    /// <param name="episode">Takes what is to be disposed of when this replay is over, whether the orchestrator has ended or waits.</param>
    Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, ICollection<IAsyncDisposable> episode);

    Task<string?> RunActivityAsync(string name, string instanceId, string? input, string traceParent, CancellationToken cancellation);
}
