using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Providers.Limits;
using DataHealth.Core.Storage;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Whether our app's keys belong to the host that we read. Development keys reach only sandbox companies and production keys only real ones, and a mismatch answers 403, code 3100, just as a company
/// that is gone does. Which it is does not change with time: where these keys have ever read one company at that host, a refusal is the company's own. Until then it is taken for our configuration.
/// One row in the table of limits, which is no client's.
/// </summary>
/// <param name="storage">Our tables.</param>
/// <param name="options">Our app.</param>
/// <param name="time">When it was seen.</param>
public sealed class QuickBooksEnvironment(AppStorage storage, IOptions<QuickBooksOptions> options, TimeProvider time)
{
    private const string RowKey = "reaches";
    private volatile bool _isProven;

    private string Partition => $"quickbooks-{Limits.TableKey.Of(options.Value.ClientId)}-{Limits.TableKey.Of(options.Value.ApiUri.Host)}-{options.Value.ApiUri.Port}";

    /// <summary>A company told its name: an answer of any other kind proves no host.</summary>
    public async Task ProveAsync(CancellationToken cancellationToken)
    {
        if (_isProven)
            return;
        try
        {
            var table = await storage.TableAsync(CallGate.Table, cancellationToken);
            await table.UpsertEntityAsync(new TableEntity(Partition, RowKey) { ["At"] = time.GetUtcNow() }, TableUpdateMode.Replace, cancellationToken);
            _isProven = true;
        }
        catch (RequestFailedException)
        {
            // The next consent notes it; what this one brought is good without.
        }
    }

    /// <summary>True when a company was ever read by these keys at this host, by any process.</summary>
    /// <exception cref="RequestFailedException">Our storage did not answer.</exception>
    public async Task<bool> IsProvenAsync(CancellationToken cancellationToken)
    {
        if (_isProven)
            return true;
        var table = await storage.TableAsync(CallGate.Table, cancellationToken);
        return _isProven = (await table.GetEntityIfExistsAsync<TableEntity>(Partition, RowKey, cancellationToken: cancellationToken)).HasValue;
    }
}
