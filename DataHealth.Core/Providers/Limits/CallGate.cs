using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Providers.Limits;

/// <summary>
/// The provider's limits, shared by everything that calls one organisation from any process: one row for each in the table <c>limits</c>, changed under its ETag.
/// A call costs two writes when nobody else is calling: the row is kept in memory between them and the ETag proves it fresh; only a refusal is always decided on a fresh read.
/// </summary>
/// <param name="storage">Our tables.</param>
/// <param name="limits">The provider's numbers.</param>
/// <param name="provider">The provider's key.</param>
/// <param name="app">Our app's id there: limits are counted for each app.</param>
/// <param name="time">The clock that leases and windows are reckoned by.</param>
public sealed class CallGate(AppStorage storage, CallLimits limits, string provider, string app, TimeProvider time) : IDisposable
{
    internal const string Table = "limits";
    private const string RowKey = "gate";
    private const int MostTries = 30;

    private readonly ConcurrentDictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly AppMinuteBudget? _app = limits.AppMinute is { } perMinute ? new(storage, limits.MinuteWindow, perMinute, $"{provider}-{TableKey.Of(app)}", time) : null;

    /// <inheritdoc />
    public void Dispose() => _app?.Dispose();

    /// <summary>Asks for one call's place.</summary>
    /// <param name="organisation">Whom the call goes to.</param>
    /// <param name="priority">Who waits for it.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="RequestFailedException">Our storage did not answer.</exception>
    public async Task<GateAnswer> AcquireAsync(OrganisationId organisation, CallPriority priority, CancellationToken cancellationToken)
    {
        if (_app is not null && await _app.TakeAsync(cancellationToken) is { } noCalls)
            return noCalls;
        var lease = new CallLease(organisation, Guid.NewGuid().ToString("N"));
        GateAnswer.Denied? denied;
        try
        {
            denied = await ChangeAsync(organisation, state => state.Enter(limits, lease.Owner, priority, time.GetUtcNow()), cancellationToken);
        }
        catch
        {
            _app?.GiveBack();
            throw;
        }

        if (denied is null)
            return new GateAnswer.Granted(lease);
        _app?.GiveBack();
        return denied;
    }

    /// <summary>Gives a place back, with what the call showed.</summary>
    /// <param name="lease">The place.</param>
    /// <param name="seen">What the call showed; null when nothing was sent.</param>
    /// <param name="cancellationToken">Stops trying; the place then frees itself at its deadline.</param>
    /// <exception cref="RequestFailedException">Our storage did not answer; the place frees itself at its deadline.</exception>
    public async Task ReleaseAsync(CallLease lease, LimitObservation? seen, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            lease.Organisation,
            state =>
            {
                state.Leave(limits, lease.Owner, seen);
                return null;
            },
            cancellationToken);
        // Our own pace never uses the app's minute up: where nothing is left of it, somebody else is using the same app, and the next call would be refused.
        if (_app is not null && (seen is { Refused: LimitKind.AppMinute } or { AppMinuteRemaining: 0 }))
            await _app.PauseAsync(seen.ReceivedAt + (seen.RetryAfter ?? limits.MinuteWindow) + limits.Margin, cancellationToken);
    }

    /// <summary>What is left for an organisation, by the shared row.</summary>
    /// <param name="organisation">Which.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public async Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync(Table, cancellationToken);
        var found = await table.GetEntityIfExistsAsync<TableEntity>(PartitionKey(organisation), RowKey, cancellationToken: cancellationToken);
        var state = found.HasValue ? Read(found.Value!) : new();
        var now = time.GetUtcNow();
        state.Minute.Roll(now, limits.MinuteWindow);
        state.Day.Roll(now, limits.DayWindow);
        var (until, by) = state.PausedUntil > now ? (state.PausedUntil, (LimitKind?)state.PausedBy)
            : state.Minute.Left <= 0 ? (state.Minute.EndsBy, LimitKind.Minute)
            : ((DateTimeOffset?)null, null);
        if (by is null && _app is not null && await _app.NoneBeforeAsync(cancellationToken) is { } appUntil)
            (until, by) = (appUntil, LimitKind.AppMinute);
        return new(state.Day.Left is { } day ? Math.Max(0, day) : null, limits.Day, limits.Minute, until, by);
    }

    private static OrganisationLimits Read(TableEntity row) => JsonSerializer.Deserialize(row.GetString("State"), LimitsJson.Default.OrganisationLimits) ?? new();

    internal string PartitionKey(OrganisationId organisation) => $"{provider}-{TableKey.Of(app)}-{TableKey.Of(organisation.Id)}";

    private async Task<GateAnswer.Denied?> ChangeAsync(OrganisationId organisation, Func<OrganisationLimits, GateAnswer.Denied?> change, CancellationToken cancellationToken)
    {
        var key = PartitionKey(organisation);
        var row = _rows.GetOrAdd(key, _ => new Row());
        await row.Turn.WaitAsync(cancellationToken);
        try
        {
            var table = await storage.TableAsync(Table, cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                var isFresh = row.State is null;
                if (row.State is null)
                {
                    var found = await table.GetEntityIfExistsAsync<TableEntity>(key, RowKey, cancellationToken: cancellationToken);
                    (row.State, row.ETag) = found.HasValue ? (Read(found.Value!), found.Value!.ETag) : (new(), default(ETag));
                }

                if (change(row.State) is { } denied)
                {
                    var stale = !isFresh;
                    row.State = null;
                    if (stale)
                        continue;
                    return denied;
                }

                try
                {
                    await WriteAsync(table, key, row, cancellationToken);
                    return null;
                }
                catch (RequestFailedException problem) when (problem.Status is 409 or 412 or 404 && attempt < MostTries)
                {
                    row.State = null;

                    // Other processes are at the same row. Real time: this is about our storage, not about the provider's clock.
                    await Task.Delay(Random.Shared.Next(1, 5 + (5 * Math.Min(attempt, 10))), cancellationToken);
                }
            }
        }
        catch
        {
            row.State = null;
            throw;
        }
        finally
        {
            row.Turn.Release();
        }
    }

    private static async Task WriteAsync(TableClient table, string key, Row row, CancellationToken cancellationToken)
    {
        var entity = new TableEntity(key, RowKey)
        {
            ["State"] = JsonSerializer.Serialize(row.State!, LimitsJson.Default.OrganisationLimits),
            ["PausedUntil"] = row.State!.PausedUntil,
        };
        var response = row.ETag == default
            ? await table.AddEntityAsync(entity, cancellationToken)
            : await table.UpdateEntityAsync(entity, row.ETag, TableUpdateMode.Replace, cancellationToken);
        row.ETag = response.Headers.ETag ?? default;
        if (row.ETag == default)
            row.State = null;
    }

    private sealed class Row
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public OrganisationLimits? State { get; set; }

        public ETag ETag { get; set; }
    }
}
