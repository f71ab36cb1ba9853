using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Checks the section <c>Xero</c> at start, in words for an operator.</summary>
internal sealed class XeroRule : IValidateOptions<XeroOptions>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, XeroOptions options) => new SettingFaults(XeroOptions.Section)
        .Range(nameof(options.DayLimit), options.DayLimit, 1, 1_000_000)
        .Range(nameof(options.DayReserve), options.DayReserve, 0, 0.9)
        .Range(nameof(options.MinuteLimit), options.MinuteLimit, 1, 100_000)
        .Range(nameof(options.Concurrent), options.Concurrent, 1, 100)
        .Range(nameof(options.AppMinuteLimit), options.AppMinuteLimit, 1, 10_000_000)
        .Range(nameof(options.Attempts), options.Attempts, 1, 10)
        .Range(nameof(options.PageSize), options.PageSize, 1, 1_000)
        .Range(nameof(options.LargestAnswer), options.LargestAnswer, 1_024, 1_000_000_000)
        .Range(nameof(options.MinuteWindow), options.MinuteWindow, SettingFaults.Tick, Hour)
        .Range(nameof(options.DayWindow), options.DayWindow, SettingFaults.Tick, TimeSpan.FromDays(7))
        .Range(nameof(options.CallTimeout), options.CallTimeout, SettingFaults.Tick, Hour)
        .Range(nameof(options.TokenTimeout), options.TokenTimeout, SettingFaults.Tick, Hour)
        .Range(nameof(options.LongestWait), options.LongestWait, TimeSpan.Zero, Hour)
        .Range(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.Zero, Hour)
        .Address(nameof(options.LoginUri), options.LoginUri)
        .Address(nameof(options.IdentityUri), options.IdentityUri)
        .Address(nameof(options.ApiUri), options.ApiUri)
        .Must(options.Scopes.Split(' ').Contains("offline_access"), nameof(options.Scopes), "must hold offline_access, or no connection outlives half an hour")
        .Must(options.ClientId.Length == 0 || options.UsePkce || options.ClientSecret.Length > 0, nameof(options.ClientSecret), "is missing (only an app of the PKCE type has none)")
        .Must(options.ClientId.Length > 0 || options.ClientSecret.Length == 0, nameof(options.ClientId), "is missing, although Xero:ClientSecret is set")
        .Result;
}
