using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Webhooks;

/// <summary>What hints may bring about. Section <c>Webhooks</c>. Signing keys are the providers' own settings (<c>Xero:WebhookKey</c>).</summary>
public sealed class WebhookOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Webhooks";

    /// <summary>How long a post may take us: then it is answered 503, and the provider sends it again at once. Xero waits 5 seconds, QuickBooks 3.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a hint waits for others, so that an hour of typing makes one sync.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The least time between two syncs of a client of which the second is brought forward by a hint. An incremental sync costs about 20 calls.</summary>
    public TimeSpan BetweenSyncs { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The part of an organisation's day that hints leave alone: with less than this left, they wait. 0 to 1.</summary>
    public double KeptOfDay { get; set; } = 0.5;

    /// <summary>How long one drain works at most; what it does not reach is the next one's.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>Organisations that a drain looks at side by side.</summary>
    public int SideBySide { get; set; } = 8;
}

/// <summary>Refuses options that cannot work, at start.</summary>
internal sealed class WebhookRule : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options) => new SettingFaults(WebhookOptions.Section)
        .Range(nameof(options.AnswerWithin), options.AnswerWithin, SettingFaults.Tick, TimeSpan.FromMinutes(1))
        .Range(nameof(options.Settle), options.Settle, TimeSpan.Zero, TimeSpan.FromDays(1))
        .Range(nameof(options.BetweenSyncs), options.BetweenSyncs, TimeSpan.Zero, TimeSpan.FromDays(31))
        .Range(nameof(options.KeptOfDay), options.KeptOfDay, 0.0, 1.0)
        .Range(nameof(options.DrainTime), options.DrainTime, SettingFaults.Tick, TimeSpan.FromMinutes(9))
        .Range(nameof(options.SideBySide), options.SideBySide, 1, 64)
        .Result;
}
