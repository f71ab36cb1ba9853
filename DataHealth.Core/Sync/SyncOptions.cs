using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Sync;

/// <summary>How the sync works. Section <c>Sync</c>.</summary>
public sealed class SyncOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sync";

    /// <summary>Time between two scheduled syncs of a client.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(24);

    /// <summary>When a failed run is tried again by the schedule.</summary>
    public TimeSpan RetryFailedAfter { get; set; } = TimeSpan.FromHours(3);

    /// <summary>A slice starts no call after this long.</summary>
    public TimeSpan SliceDuration { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a dataset that failed for a while rests before it is tried again in the same run; four times as long after each further failure.</summary>
    public TimeSpan SliceRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A slice makes at most so many calls.</summary>
    public int SliceCalls { get; set; } = 200;

    /// <summary>How far an incremental pass reaches back before its watermark.</summary>
    public TimeSpan WatermarkOverlap { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After so long without a completed pass of a dataset the next one is a full pass.</summary>
    public TimeSpan FullPassAfterGap { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How often a dataset with changes that no modified time shows is read in full, if that takes no more than <see cref="SlowPassCalls"/> calls.</summary>
    public TimeSpan SlowPassInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Calls that slow full passes of one dataset may cost in one interval; a larger dataset waits so many intervals that it costs no more on the average.</summary>
    public int SlowPassCalls { get; set; } = 6;

    /// <summary>How often a countable dataset is counted at the provider.</summary>
    public TimeSpan DriftCountInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Records in one page of the providers, for forecasts.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Records that one partition of the copy is meant to hold; a dataset gets as many as its first count asks.</summary>
    public int RecordsPerBucket { get; set; } = 5_000;

    /// <summary>At most so many partitions for one dataset of one client.</summary>
    public int MaxBuckets { get; set; } = 16;

    /// <summary>Partitions of one dataset that are written at a time.</summary>
    public int Writers { get; set; } = 5;

    /// <summary>Datasets of one client that are read side by side, within what the provider takes.</summary>
    public int DatasetsSideBySide { get; set; } = 5;

    /// <summary>Rows of the change feed kept for one dataset; who reads less often reads the whole dataset.</summary>
    public int ChangeRowsKept { get; set; } = 1000;

    /// <summary>A run that was claimed and has not begun after so long was not started: its claimer died, or the instance of the run before had not ended yet.</summary>
    public TimeSpan BeginsWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A run that has shown no sign of life for so long is taken for abandoned.</summary>
    public TimeSpan AbandonedAfter { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Refuses options that cannot work, at start.</summary>
internal sealed class SyncOptionsValidator : IValidateOptions<SyncOptions>
{
    // Nothing that is tended here waits for longer than a year.
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    public ValidateOptionsResult Validate(string? name, SyncOptions options) => new SettingFaults(SyncOptions.Section)
        .Range(nameof(options.Interval), options.Interval, SettingFaults.Tick, Year)
        .Range(nameof(options.RetryFailedAfter), options.RetryFailedAfter, SettingFaults.Tick, Year)
        .Range(nameof(options.SliceDuration), options.SliceDuration, SettingFaults.Tick, TimeSpan.FromMinutes(7))
        .Range(nameof(options.SliceRetryDelay), options.SliceRetryDelay, SettingFaults.Tick, TimeSpan.FromHours(1))
        .Range(nameof(options.SliceCalls), options.SliceCalls, 1, 10_000)
        .Range(nameof(options.WatermarkOverlap), options.WatermarkOverlap, TimeSpan.Zero, TimeSpan.FromDays(1))
        .Range(nameof(options.FullPassAfterGap), options.FullPassAfterGap, SettingFaults.Tick, Year)
        .Range(nameof(options.SlowPassInterval), options.SlowPassInterval, SettingFaults.Tick, Year)
        .Range(nameof(options.SlowPassCalls), options.SlowPassCalls, 1, 10_000)
        .Range(nameof(options.DriftCountInterval), options.DriftCountInterval, SettingFaults.Tick, Year)
        .Range(nameof(options.PageSize), options.PageSize, 1, 100_000)
        .Range(nameof(options.RecordsPerBucket), options.RecordsPerBucket, 100, 1_000_000)
        .Range(nameof(options.MaxBuckets), options.MaxBuckets, 1, 64)
        .Range(nameof(options.Writers), options.Writers, 1, 64)
        .Range(nameof(options.DatasetsSideBySide), options.DatasetsSideBySide, 1, 32)
        .Range(nameof(options.ChangeRowsKept), options.ChangeRowsKept, 10, 100_000)
        .Range(nameof(options.BeginsWithin), options.BeginsWithin, SettingFaults.Tick, TimeSpan.FromHours(1))
        .Range(nameof(options.AbandonedAfter), options.AbandonedAfter, SettingFaults.Tick, TimeSpan.FromDays(1))
        .Result;
}
