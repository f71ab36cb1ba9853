using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Mapped;

/// <summary>Writes a dataset's bodies while the dataset is read, one at a time: no more than one is in memory.</summary>
internal sealed class MappedBodies(MappedWriter writer, MappedPlan plan, MappedLimits limits)
{
    private readonly List<string> _names = [];
    private PackWriter _body = new();
    private int _records;

    public async Task AddAsync(string id, IReadOnlyList<LedgerRecord> records, CancellationToken cancellationToken)
    {
        RecordPack.Write(_body, id, records);
        if (++_records >= limits.RecordsInBody || _body.Length >= limits.BytesInBody)
            await CloseAsync(cancellationToken);
    }

    /// <summary>The dataset was read to its end.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_records > 0)
            await CloseAsync(cancellationToken);
        plan.Written = plan.Describe(_names);
    }

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        _names.Add(await writer.WriteAsync(_body, cancellationToken));
        (_body, _records) = (new PackWriter(), 0);
    }
}
