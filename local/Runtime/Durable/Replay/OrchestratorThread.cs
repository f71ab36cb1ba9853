namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>
/// Runs an orchestrator and all its continuations in order on the calling thread. Work that comes back from any other thread was not durable, and is
/// remembered instead of run.
/// </summary>
internal sealed class OrchestratorThread : TaskScheduler
{
    private readonly Queue<Task> _queue = new();
    private readonly PostToQueue _context;
    private volatile int _thread;
    private volatile bool _invaded;

    public OrchestratorThread() => _context = new(this);

    /// <summary>Whether a continuation came from another thread.</summary>
    public bool Invaded => _invaded;

    /// <summary>Whether the caller is the orchestrator itself.</summary>
    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs the action and what follows from it, until only outside events can go on.</summary>
    public void Run(Action action)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            var first = new Task(action);
            first.RunSynchronously(this);
            first.GetAwaiter().GetResult();
            while (_queue.TryDequeue(out var next))
                TryExecuteTask(next);
        }
        finally
        {
            _thread = 0;
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    protected override void QueueTask(Task task)
    {
        if (IsCurrent)
            _queue.Enqueue(task);
        else
            _invaded = true;
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        IsCurrent && !taskWasPreviouslyQueued && TryExecuteTask(task);

    private sealed class PostToQueue(OrchestratorThread thread) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            Task.Factory.StartNew(() => d(state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, thread);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public override SynchronizationContext CreateCopy() => this;
    }
}
