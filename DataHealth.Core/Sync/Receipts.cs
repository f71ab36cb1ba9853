using DataHealth.Core.Providers;

namespace DataHealth.Core.Sync;

/// <summary>Receipts from the checkpoints.</summary>
internal static class Receipts
{
    /// <summary>What a run did by now; complete at its end.</summary>
    public static RunReceipt Of(RunId run, IReadOnlyDictionary<string, DatasetState> states, IReadOnlyList<SkippedRecord> skipped)
    {
        var datasets = states.Values.Where(state => state.Run.RunId == run.Value).OrderBy(state => state.Dataset, StringComparer.Ordinal).Select(state => new DatasetReceipt
        {
            Dataset = state.Dataset,
            New = state.Run.New,
            Changed = state.Run.Changed,
            Unchanged = state.Run.Unchanged,
            Deleted = state.Run.Deleted,
            Skipped = state.Run.Skipped,
            Held = state.Held,
            Listed = state.Listed,
            ProviderCount = state.Run.ProviderCount,
            Calls = state.Run.Calls,
            Bytes = state.Run.Bytes,
            Unavailable = state.Unavailable is { } fault ? FaultWords.For(fault.Kind, "").Code : null,
        }).ToList();
        return new RunReceipt(datasets, datasets.Sum(part => part.Calls), datasets.Sum(part => part.Bytes)) { SkippedRecords = skipped };
    }
}
