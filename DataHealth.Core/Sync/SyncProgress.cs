namespace DataHealth.Core.Sync;

/// <summary>How far the current run is, from its checkpoints: two cheap reads.</summary>
public sealed class ReadProgress
{
    /// <summary>Reads it; null before the first run.</summary>
    public Task<SyncProgress?> ExecuteAsync(ClientId client, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>How far a run is.</summary>
/// <param name="Run">The run.</param>
/// <param name="Percent">0 to 100, never 100 before it ended.</param>
/// <param name="RecordsDone">Records read in this run's passes.</param>
/// <param name="RecordsTotal">Records that they have in all, as far as known.</param>
/// <param name="Calls">Calls so far.</param>
/// <param name="ExpectedEnd">Our estimate; null when there is nothing to reckon from.</param>
/// <param name="Datasets">By dataset of the plan.</param>
public sealed record SyncProgress(RunRecord Run, int Percent, int RecordsDone, int RecordsTotal, int Calls, DateTimeOffset? ExpectedEnd, IReadOnlyList<DatasetProgress> Datasets);

/// <summary>How far a dataset is.</summary>
/// <param name="Dataset">Its name.</param>
/// <param name="Title">What a person reads.</param>
/// <param name="Mode">How it is read.</param>
/// <param name="RecordsDone">Records read in this pass.</param>
/// <param name="RecordsTotal">Records that the pass has; null until its first answer.</param>
/// <param name="Held">Records held.</param>
/// <param name="IsDone">Done in this run.</param>
/// <param name="Unavailable">The code of the reason why it is not available; null when it is.</param>
/// <param name="UpTo">The books are copied up to this time of the provider; null before the first complete pass.</param>
public sealed record DatasetProgress(string Dataset, string Title, PassMode Mode, int RecordsDone, int? RecordsTotal, int Held, bool IsDone, string? Unavailable, DateTimeOffset? UpTo);
