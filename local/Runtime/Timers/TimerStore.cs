using Azure;
using Azure.Data.Tables;
using DataHealth.Local.Runtime.Hosting;

namespace DataHealth.Local.Runtime.Timers;

/// <summary>
/// One row per timer: when it ran last, when it is due, and which process runs it now. A row is claimed by its ETag for a while and the claim is
/// renewed while the function runs, so two processes never run one timer together, and a tick whose process died is run again by the next.
/// </summary>
internal sealed class TimerStore(HostSettings settings, TimeProvider clock)
{
    public static readonly TimeSpan Claim = TimeSpan.FromSeconds(60);

    private readonly string _owner = Guid.NewGuid().ToString("N");
    // Made when the first timer asks: an application without timers needs no storage.
    private readonly Lazy<TableClient> _table = new(() => new TableClient(settings.Storage, settings.TimersTable));

    public Task PrepareAsync(CancellationToken cancellationToken) => _table.Value.CreateIfNotExistsAsync(cancellationToken);

    /// <summary>The timer's row, made when there is none: known since a moment, and due at its first tick after that.</summary>
    public async Task<TimerRow> ReadAsync(string timer, DateTime since, DateTime firstTick, CancellationToken cancellationToken)
    {
        var stored = await _table.Value.GetEntityIfExistsAsync<TimerRow>(TimerRow.Partition, timer, cancellationToken: cancellationToken);
        if (stored.HasValue)
            return stored.Value!;
        var row = new TimerRow { RowKey = timer, Next = firstTick, LastUpdated = since };
        try
        {
            var added = await _table.Value.AddEntityAsync(row, cancellationToken);
            row.ETag = added.Headers.ETag ?? default;
            return row;
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            return await _table.Value.GetEntityAsync<TimerRow>(TimerRow.Partition, timer, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Whether another process runs the timer at this moment.</summary>
    public bool IsBusy(TimerRow row) => row.Owner is { Length: > 0 } owner && owner != _owner && row.ClaimedUntil > clock.GetUtcNow();

    /// <summary>Claims the row, or renews the claim; false when somebody else changed it first.</summary>
    public Task<bool> TryClaimAsync(TimerRow row, CancellationToken cancellationToken)
    {
        row.Owner = _owner;
        row.ClaimedUntil = clock.GetUtcNow() + Claim;
        return TrySaveAsync(row, cancellationToken);
    }

    /// <summary>Notes that a tick has run and lets go of the row; says nothing when the claim was lost meanwhile.</summary>
    public Task<bool> TryCompleteAsync(TimerRow row, DateTime last, DateTime next, CancellationToken cancellationToken)
    {
        (row.Last, row.Next, row.LastUpdated, row.Owner) = (last, next, clock.GetUtcNow().UtcDateTime, "");
        return TrySaveAsync(row, cancellationToken);
    }

    /// <summary>Lets go of a row whose run was cut short; its tick stays due.</summary>
    public Task<bool> TryReleaseAsync(TimerRow row, CancellationToken cancellationToken)
    {
        row.Owner = "";
        return TrySaveAsync(row, cancellationToken);
    }

    private async Task<bool> TrySaveAsync(TimerRow row, CancellationToken cancellationToken)
    {
        try
        {
            var saved = await _table.Value.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            row.ETag = saved.Headers.ETag ?? default;
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 412 or 404)
        {
            return false;
        }
    }
}

/// <summary>A timer as it is stored.</summary>
internal sealed class TimerRow : ITableEntity
{
    public const string Partition = "timer";

    public string PartitionKey { get; set; } = Partition;

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>The tick that ran last; null when none has.</summary>
    public DateTime? Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }

    public string Owner { get; set; } = "";

    public DateTimeOffset? ClaimedUntil { get; set; }
}
