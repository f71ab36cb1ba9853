using Azure.Core;
using Azure.Core.Pipeline;

namespace DataHealth.Runtime.Tests.Durable;

/// <summary>
/// Ends a process's dealings with its storage at its n-th request, before it is sent or before its answer is seen: from the storage's side that is
/// what a kill at any instruction between two requests looks like. Or freezes them until it is thawed.
/// </summary>
internal sealed class Disaster(int atRequest, bool afterSending) : HttpPipelinePolicy
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _gate = Open();
    private int _requests;
    private int _transactions;

    public Task Struck => _struck.Task;

    public int Requests => _requests;

    /// <summary>The entity group transactions among them; unlike requests, none of them comes of asking by the clock.</summary>
    public int Transactions => _transactions;

    public void Freeze()
    {
        _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _struck.TrySetResult();
    }

    public void Thaw() => _gate.TrySetResult();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        await _gate.Task;
        var number = Interlocked.Increment(ref _requests);
        if (message.Request.Uri.ToUri().AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal))
            Interlocked.Increment(ref _transactions);
        if (number == atRequest && !afterSending)
            Freeze();
        await _gate.Task;
        await ProcessNextAsync(message, pipeline);
        if (number == atRequest && afterSending)
            Freeze();
        await _gate.Task;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException("The engine is asynchronous.");

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
