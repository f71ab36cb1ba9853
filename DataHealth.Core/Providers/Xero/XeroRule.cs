using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>Checks the section <c>Xero</c> at start, in words for an operator.</summary>
internal sealed class XeroRule : IValidateOptions<XeroOptions>
{
    public ValidateOptionsResult Validate(string? name, XeroOptions options)
    {
        List<string> problems = [];
        Range(options.DayLimit, 1, 1_000_000, nameof(options.DayLimit));
        Range(options.MinuteLimit, 1, 100_000, nameof(options.MinuteLimit));
        Range(options.Concurrent, 1, 100, nameof(options.Concurrent));
        Range(options.AppMinuteLimit, 1, 10_000_000, nameof(options.AppMinuteLimit));
        Range(options.Attempts, 1, 10, nameof(options.Attempts));
        Range(options.PageSize, 1, 1_000, nameof(options.PageSize));
        Range(options.LargestAnswer, 1_024, 1_000_000_000, nameof(options.LargestAnswer));
        Check(options.DayReserve is >= 0 and <= 0.9, "Xero:DayReserve must be between 0 and 0.9.");
        foreach (var (length, setting) in ((TimeSpan, string)[])[
            (options.MinuteWindow, nameof(options.MinuteWindow)), (options.DayWindow, nameof(options.DayWindow)), (options.CallTimeout, nameof(options.CallTimeout)),
            (options.TokenTimeout, nameof(options.TokenTimeout))])
            Check(length > TimeSpan.Zero, $"Xero:{setting} must be longer than nothing.");
        Check(options.LongestWait >= TimeSpan.Zero && options.RetryDelay >= TimeSpan.Zero, "Xero:LongestWait and Xero:RetryDelay must not be negative.");
        foreach (var (host, setting) in ((Uri?, string)[])[
            (options.LoginUri, nameof(options.LoginUri)), (options.IdentityUri, nameof(options.IdentityUri)), (options.ApiUri, nameof(options.ApiUri))])
            Check(host is { IsAbsoluteUri: true, Query.Length: 0 } && (host.Scheme == Uri.UriSchemeHttps || host.IsLoopback), $"Xero:{setting} must be an https address (http only on this machine).");
        Check(options.Scopes.Split(' ').Contains("offline_access"), "Xero:Scopes must hold offline_access, or no connection outlives half an hour.");
        Check(options.ClientId.Length == 0 || options.UsePkce || options.ClientSecret.Length > 0, "Xero:ClientSecret is missing (only an app of the PKCE type has none).");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                problems.Add(otherwise);
        }

        void Range(int value, int least, int most, string setting) => Check(value >= least && value <= most, $"Xero:{setting} must be between {least} and {most}.");
    }
}
