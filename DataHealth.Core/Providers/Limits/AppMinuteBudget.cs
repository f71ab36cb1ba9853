using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Providers.Limits;

/// <summary>
/// The minute limit of the whole app. Every process leases blocks of calls from one row (a row touched by every call of 10,000 a minute would be fought over). The row holds one moment,
/// "spent up to": blocks are spread evenly at nine tenths of the limit with a burst of one tenth, so that no window of that length, wherever it begins, holds more than the limit.
/// </summary>
internal sealed class AppMinuteBudget(AppStorage storage, TimeSpan window, int perMinute, string partition, TimeProvider time) : IDisposable
{
    private const string RowKey = "app";
    private const int MostTries = 30;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly int _block = Math.Clamp(perMinute / 200, 1, 50);
    private int _left;
    private DateTimeOffset _leftUntil;
    private DateTimeOffset _pausedUntil;

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>Takes one call.</summary>
    /// <returns>Null when taken; else until when there is none.</returns>
    public async Task<GateAnswer.Denied?> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_pausedUntil > now)
                return new(LimitKind.AppMinute, _pausedUntil, IsEstimate: false);
            if (_left <= 0 || _leftUntil <= now)
            {
                if (await LeaseAsync(now, cancellationToken) is { } until)
                    return new(LimitKind.AppMinute, until, IsEstimate: true);
                _left = _block;
                _leftUntil = now + (window / 10);
            }

            _left--;
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives back a call that was not made.</summary>
    public void GiveBack() => Interlocked.Increment(ref _left);

    /// <summary>The provider refused a call by this limit: no process calls before then (others learn it with their next block).</summary>
    public async Task PauseAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _pausedUntil = until;
            await ChangeAsync(row => row["PausedUntil"] = until, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Until when no process gets calls, by the shared row; null when they do.</summary>
    public async Task<DateTimeOffset?> NoneBeforeAsync(CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync("limits", cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, RowKey, cancellationToken: cancellationToken);
        var now = time.GetUtcNow();
        return found.HasValue && found.Value!.GetDateTimeOffset("PausedUntil") is { } paused && paused > now ? paused : null;
    }

    private async Task<DateTimeOffset?> LeaseAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cost = window * (_block / (0.9 * perMinute));
        DateTimeOffset? denied = null;
        await ChangeAsync(
            row =>
            {
                denied = null;
                if (row.GetDateTimeOffset("PausedUntil") is { } paused && paused > now)
                {
                    denied = _pausedUntil = paused;
                    return;
                }

                var spent = row.GetDateTimeOffset("SpentUpTo") is { } before && before > now ? before : now;
                if (spent - now > window / 10)
                    denied = spent - (window / 10);
                else
                    row["SpentUpTo"] = spent + cost;
            },
            cancellationToken);
        return denied;
    }

    private async Task ChangeAsync(Action<TableEntity> change, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync("limits", cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, RowKey, cancellationToken: cancellationToken);
            var row = found.HasValue ? found.Value! : new TableEntity(partition, RowKey);
            change(row);
            try
            {
                if (found.HasValue)
                    await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
                else
                    await table.AddEntityAsync(row, cancellationToken);
                return;
            }
            catch (RequestFailedException problem) when (problem.Status is 409 or 412 or 404 && attempt < MostTries)
            {
                await Task.Delay(Random.Shared.Next(1, 5 + (5 * Math.Min(attempt, 10))), cancellationToken);
            }
        }
    }
}
