using Microsoft.DurableTask;

namespace DataHealth.Local.Runtime.Durable.Replay;

/// <summary>External events that nobody waits for yet, and waiters for events that have not come. Names are compared without regard to case; the last waiter is served first.</summary>
internal sealed class EventInbox(DataConverter converter)
{
    private readonly List<EventRaised> _buffered = [];
    private readonly Dictionary<string, List<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<EventRaised> Buffered => _buffered;

    public bool IsAwaited => _waiters.Values.Any(waiters => waiters.Count > 0);

    public Task<T> WaitAsync<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
        if (_buffered.Find(raised => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase)) is { } early)
        {
            _buffered.Remove(early);
            return Task.FromResult(converter.Deserialize<T>(early.Data)!);
        }
        if (!_waiters.TryGetValue(name, out var waiters))
            _waiters[name] = waiters = [];
        if (waiters.Exists(other => other.Type != typeof(T)))
            throw new ArgumentException($"Events with the same name must have the same type: '{name}' is already awaited as another type than {typeof(T)}.", nameof(name));
        var answer = new TaskCompletionSource<T>();
        var waiter = new Waiter(typeof(T), raised => Deliver(answer, raised));
        waiters.Add(waiter);
        cancellation.Register(() =>
        {
            if (waiters.Remove(waiter))
                answer.TrySetCanceled(cancellation);
        });
        return answer.Task;
    }

    public void Raise(EventRaised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out var waiters) && waiters is [.., var last])
        {
            waiters.Remove(last);
            last.Deliver(raised);
        }
        else
        {
            _buffered.Add(raised);
        }
    }

    private void Deliver<T>(TaskCompletionSource<T> answer, EventRaised raised)
    {
        try
        {
            answer.TrySetResult(converter.Deserialize<T>(raised.Data)!);
        }
        catch (System.Text.Json.JsonException unreadable)
        {
            answer.TrySetException(unreadable);
        }
    }

    private sealed record Waiter(Type Type, Action<EventRaised> Deliver);
}
