using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>Counts the requests that this process sends to tables whose real names begin so.</summary>
internal sealed class StorageRequests(string prefix) : EventListener
{
    private readonly ConcurrentQueue<string> _paths = new();

    /// <summary>The paths of the requests since the last asking.</summary>
    public IReadOnlyList<string> Take()
    {
        List<string> paths = [];
        while (_paths.TryDequeue(out var path))
            paths.Add(path);
        return paths;
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Net.Http")
            EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Scheme, host, port, path and query of a request that begins.
        if (eventData is { EventName: "RequestStart", Payload: [_, _, _, string path, ..] } && prefix is not null && path.Contains(prefix, StringComparison.Ordinal))
            _paths.Enqueue(path);
    }
}
