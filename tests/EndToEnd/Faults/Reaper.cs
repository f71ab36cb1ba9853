using DataHealth.EndToEnd.Tests.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.EndToEnd.Tests.Faults;

/// <summary>Ends the functions process by <c>kill -9</c> at a chosen request to the storage, and says where that was.</summary>
public sealed class Reaper
{
    /// <summary>The place that the promise is about.</summary>
    public const string BetweenDataAndCheckpoint = "between a page's data and its checkpoint";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _uncommitted = [];
    private readonly FunctionsProcess _process;
    private TaskCompletionSource<string>? _armed;
    private int? _requestsLeft;
    private bool _afterwards;

    /// <summary>Watches a process through its proxy.</summary>
    public Reaper(FunctionsProcess process, StorageProxy proxy)
    {
        _process = process;
        proxy.Arrived = request => Task.FromResult(Arrived(request));
        proxy.Answered = request => Task.FromResult(Answered(request));
    }

    /// <summary>Kills when the next checkpoint of a page whose data is written is on its way; completes with the place.</summary>
    public Task<string> BeforeNextCheckpoint() => Arm(null, false);

    /// <summary>Kills at the n-th request from now, before it is carried out or after that and before its answer.</summary>
    public Task<string> AtRequest(int number, bool afterwards) => Arm(number, afterwards);

    /// <summary>Calls it off; false when it has killed already.</summary>
    public bool Disarm()
    {
        lock (_gate)
        {
            var isWaiting = _armed is { Task.IsCompleted: false };
            _armed = null;
            return isWaiting;
        }
    }

    private Task<string> Arm(int? number, bool afterwards)
    {
        lock (_gate)
        {
            _uncommitted.Clear();
            (_requestsLeft, _afterwards) = (number, afterwards);
            _armed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _armed.Task;
        }
    }

    private bool Arrived(StorageRequest request)
    {
        lock (_gate)
        {
            var isBetween = request.IsCheckpoint && _uncommitted.Contains(request.Dataset);
            var place = isBetween ? BetweenDataAndCheckpoint : $"before {request.Kind}";
            return _requestsLeft is null ? !isBetween || !Kill(place) : _afterwards || !IsDue() || !Kill(place);
        }
    }

    private bool Answered(StorageRequest request)
    {
        lock (_gate)
        {
            if (request.IsPageData)
                _uncommitted.Add(request.Dataset);
            else if (request.IsCheckpoint)
                _uncommitted.Remove(request.Dataset);
            return _requestsLeft is null || !_afterwards || !IsDue() || !Kill($"after {request.Kind}, its answer lost");
        }
    }

    private bool IsDue() => _armed is { Task.IsCompleted: false } && --_requestsLeft <= 0;

    private bool Kill(string place)
    {
        if (_armed is not { Task.IsCompleted: false } armed)
            return false;
        _process.Kill();
        armed.SetResult(place);
        return true;
    }
}
