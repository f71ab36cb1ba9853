using System.Diagnostics;
using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Grants;

/// <summary>
/// One at a time per grant over all processes: whoever refreshes it, stores its pair, or decides to let it go. A row in table <c>grants</c>, fenced by its ETag. Clocks of different
/// machines are not compared: a waiter takes a lease over only after watching its row unchanged, on its own monotonic clock, for as long as the lease lasts.
/// </summary>
public sealed class GrantLeases(AppStorage storage, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    internal TimeSpan Duration => options.Value.GrantLease;

    /// <summary>Waits for the lease, at most three times as long as one lasts.</summary>
    /// <returns>Null when others kept it all that time.</returns>
    internal async Task<GrantLease?> AcquireAsync(GrantId grant, CancellationToken cancellationToken)
    {
        var table = await storage.TableAsync("grants", cancellationToken);
        var owner = Guid.NewGuid().ToString("N");
        var begun = time.GetTimestamp();
        var (seen, seenAt) = (default(ETag), begun);
        while (true)
        {
            var asked = time.GetTimestamp();
            var found = await table.GetEntityIfExistsAsync<TableEntity>(grant.Value, GrantLease.Row, cancellationToken: cancellationToken);
            var holder = found.HasValue ? found.Value!.GetString("Owner") : "";
            var etag = found.HasValue ? found.Value!.ETag : default;
            if (holder.Length > 0 && holder != owner && etag != seen)
                (seen, seenAt) = (etag, time.GetTimestamp());
            if (holder == owner)
                return new GrantLease(this, table, grant, owner, etag, asked, time);
            if (holder.Length == 0 || time.GetElapsedTime(seenAt) > Duration)
            {
                asked = time.GetTimestamp();
                if (await TryTakeAsync(table, grant, owner, etag, cancellationToken) is { } taken)
                    return new GrantLease(this, table, grant, owner, taken, asked, time);
            }
            if (time.GetElapsedTime(begun) > Duration * 3)
                return null;
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    private static async Task<ETag?> TryTakeAsync(TableClient table, GrantId grant, string owner, ETag etag, CancellationToken cancellationToken)
    {
        var row = new TableEntity(grant.Value, GrantLease.Row) { ["Owner"] = owner };
        try
        {
            var response = etag == default
                ? await table.AddEntityAsync(row, cancellationToken)
                : await table.UpdateEntityAsync(row, etag, TableUpdateMode.Replace, cancellationToken);
            return response.Headers.ETag ?? default;
        }
        catch (RequestFailedException faster) when (faster.Status is 409 or 412)
        {
            return null;
        }
    }
}

/// <summary>A lease in our hands, until it is disposed of or someone takes it over.</summary>
internal sealed class GrantLease(GrantLeases leases, TableClient table, GrantId grant, string owner, ETag etag, long renewedAt, TimeProvider time) : IAsyncDisposable
{
    public const string Row = "lease";

    private ETag _etag = etag;
    private long _renewedAt = renewedAt;
    private bool _lost;

    public GrantId Grant => grant;

    /// <summary>Makes sure that it is still ours, and will be for <paramref name="needed"/>: to be called right before everything that only one may do.</summary>
    public async Task<bool> HoldAsync(TimeSpan needed, CancellationToken cancellationToken)
    {
        Debug.Assert(needed < leases.Duration, "A lease cannot cover more than it lasts.");
        for (var attempt = 1; attempt <= 3 && !_lost; attempt++)
        {
            var asked = time.GetTimestamp();
            await RenewAsync(cancellationToken);
            // The time of asking counts, not of the answer: this process may have been frozen between the two.
            if (!_lost)
                _renewedAt = asked;
            if (!_lost && time.GetElapsedTime(_renewedAt) + needed < leases.Duration)
                return true;
        }
        return false;
    }

    /// <summary>True while nobody can have taken it over yet, by our own clock.</summary>
    public bool IsCertain => !_lost && time.GetElapsedTime(_renewedAt) < leases.Duration;

    /// <summary>As <see cref="HoldAsync"/>, for what must go on where it safely can: where the tables are away, our own clock still knows for a while that nobody can have taken it over.</summary>
    public async Task<bool> HoldsAsync(TimeSpan atLeast)
    {
        try
        {
            return await HoldAsync(atLeast, CancellationToken.None);
        }
        catch (RequestFailedException)
        {
            return IsCertain;
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var response = await table.UpdateEntityAsync(new TableEntity(grant.Value, Row) { ["Owner"] = owner }, _etag, TableUpdateMode.Replace, cancellationToken);
            _etag = response.Headers.ETag ?? default;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // Our own write whose answer was lost looks like this too: the owner tells.
            var found = await table.GetEntityIfExistsAsync<TableEntity>(grant.Value, Row, cancellationToken: cancellationToken);
            _lost = !found.HasValue || found.Value!.GetString("Owner") != owner;
            _etag = found.HasValue ? found.Value!.ETag : default;
        }
    }

    /// <summary>Lets go of the lease by removing its row, with a grant that is forgotten. Lost to somebody else, it does nothing.</summary>
    public async Task EraseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.DeleteEntityAsync(grant.Value, Row, _etag, cancellationToken);
        }
        catch (RequestFailedException taken) when (taken.Status is 412)
        {
            // Somebody took it over, and needs it.
        }
        _lost = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_lost)
            return;
        try
        {
            await table.UpdateEntityAsync(new TableEntity(grant.Value, Row) { ["Owner"] = "" }, _etag, TableUpdateMode.Replace, CancellationToken.None);
        }
        catch (RequestFailedException)
        {
            // Taken over, or storage is away: it runs out by itself.
        }
    }
}
