using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Clients.Deletion;

/// <summary>How clients are deleted. Section <c>Deletion</c>.</summary>
public sealed class DeletionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Deletion";

    /// <summary>How long a provider that does not answer is asked to let go before the deletion ends without it. The data does not wait for it.</summary>
    public TimeSpan ProviderPatience { get; set; } = TimeSpan.FromDays(7);

    /// <summary>For how long clients that were deleted are looked for again each day, in case that a process that was frozen has written something since.</summary>
    public TimeSpan RecheckFor { get; set; } = TimeSpan.FromDays(7);
}

/// <summary>What the options must be.</summary>
internal sealed class DeletionRule : IValidateOptions<DeletionOptions>
{
    public ValidateOptionsResult Validate(string? name, DeletionOptions options) => new SettingFaults(DeletionOptions.Section)
        .Range(nameof(options.ProviderPatience), options.ProviderPatience, TimeSpan.Zero, TimeSpan.FromDays(90))
        .Range(nameof(options.RecheckFor), options.RecheckFor, TimeSpan.Zero, TimeSpan.FromDays(90))
        .Result;
}
