namespace DataHealth.Core.Sync;

/// <summary>Carries out a slice: pages of one dataset until it is done or its budget ends.</summary>
public sealed class RunSlice
{
    /// <summary>Runs it. Expected ends are outcomes; storage failures throw and leave the checkpoint where it was.</summary>
    public Task<SliceOutcome> ExecuteAsync(SliceRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
}
