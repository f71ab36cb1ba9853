namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>The orchestrator's code does not do again what its history says it did.</summary>
internal sealed class NonDeterministicOrchestrationException(string orchestrator, ActionEvent? recorded, ActionEvent? asked)
    : InvalidOperationException(
        $"Orchestrator '{orchestrator}' is not deterministic: as action {recorded?.Id ?? asked?.Id} its history holds {recorded?.Words ?? "nothing"}, "
        + $"but the replayed code asked for {asked?.Words ?? "nothing"}. Its code was changed while it ran, or depends on the clock, on chance or on I/O.");

/// <summary>The orchestrator awaited a task that is not durable.</summary>
internal sealed class IllegalAwaitException(string message) : InvalidOperationException(message);
