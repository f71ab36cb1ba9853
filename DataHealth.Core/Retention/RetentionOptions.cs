using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Retention;

/// <summary>How long what only tells of the past is kept. Section <c>Retention</c>. The copy of the books is kept until its client is deleted; certificates of deletions are kept for good.</summary>
public sealed class RetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>Runs and their receipts. The latest run of a client always stays.</summary>
    public TimeSpan Runs { get; set; } = TimeSpan.FromDays(400);

    /// <summary>The timelines of runs, with what was called and why it waited.</summary>
    public TimeSpan RunEvents { get; set; } = TimeSpan.FromDays(90);

    /// <summary>What people did.</summary>
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(7 * 365);

    /// <summary>Histories of orchestrations that have ended.</summary>
    public TimeSpan Histories { get; set; } = TimeSpan.FromDays(30);
}

/// <summary>What the options must be.</summary>
internal sealed class RetentionRule : IValidateOptions<RetentionOptions>
{
    // Support looks back for days, and the three nights of a notice must be there.
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(7);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    public ValidateOptionsResult Validate(string? name, RetentionOptions options) => new SettingFaults(RetentionOptions.Section)
        .Range(nameof(options.Runs), options.Runs, Shortest, Longest)
        .Range(nameof(options.RunEvents), options.RunEvents, Shortest, Longest)
        .Range(nameof(options.Audit), options.Audit, Shortest, Longest)
        .Range(nameof(options.Histories), options.Histories, Shortest, Longest)
        .Result;
}
