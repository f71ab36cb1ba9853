using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>Checks the section <c>QuickBooks</c> at start, in words for an operator.</summary>
internal sealed class QuickBooksRule : IValidateOptions<QuickBooksOptions>
{
    public ValidateOptionsResult Validate(string? name, QuickBooksOptions options)
    {
        List<string> problems = [];
        Range(options.MinorVersion, 75, 1_000, nameof(options.MinorVersion));
        Range(options.MinuteLimit, 1, 1_000_000, nameof(options.MinuteLimit));
        Range(options.SecondLimit, 3, 100_000, nameof(options.SecondLimit));
        Range(options.Concurrent, 1, 100, nameof(options.Concurrent));
        Range(options.Attempts, 1, 10, nameof(options.Attempts));
        Range(options.PageSize, 2, 1_000, nameof(options.PageSize));
        Range(options.FullChanges, 1, 1_000, nameof(options.FullChanges));
        Range(options.LargestAnswer, 1_024, 1_000_000_000, nameof(options.LargestAnswer));
        foreach (var (length, setting) in ((TimeSpan, string)[])[
            (options.MinuteWindow, nameof(options.MinuteWindow)), (options.RefusalWait, nameof(options.RefusalWait)), (options.CallTimeout, nameof(options.CallTimeout)),
            (options.TokenTimeout, nameof(options.TokenTimeout)), (options.LostAnswerRest, nameof(options.LostAnswerRest)), (options.ChangesHorizon, nameof(options.ChangesHorizon))])
            Check(length > TimeSpan.Zero, $"QuickBooks:{setting} must be longer than nothing.");
        Check(options.ChangesHorizon < TimeSpan.FromDays(30), "QuickBooks:ChangesHorizon must be less than the 30 days for which Intuit keeps changes.");
        Check(options.LongestWait >= TimeSpan.Zero && options.RetryDelay >= TimeSpan.Zero, "QuickBooks:LongestWait and QuickBooks:RetryDelay must not be negative.");
        foreach (var (host, setting) in ((Uri?, string)[])[
            (options.AuthorizeUri, nameof(options.AuthorizeUri)), (options.TokenUri, nameof(options.TokenUri)), (options.RevokeUri, nameof(options.RevokeUri)), (options.ApiUri, nameof(options.ApiUri))])
            Check(host is { IsAbsoluteUri: true, Query.Length: 0 } && (host.Scheme == Uri.UriSchemeHttps || host.IsLoopback), $"QuickBooks:{setting} must be an https address (http only on this machine).");
        Check(options.Scopes.Split(' ').Contains("com.intuit.quickbooks.accounting"), "QuickBooks:Scopes must hold com.intuit.quickbooks.accounting, or no books can be read.");
        Check(options.ClientId.Length == 0 || options.ClientSecret.Length > 0, "QuickBooks:ClientSecret is missing.");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                problems.Add(otherwise);
        }

        void Range(int value, int least, int most, string setting) => Check(value >= least && value <= most, $"QuickBooks:{setting} must be between {least} and {most}.");
    }
}
