using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http;

/// <summary>The web front end. Section <c>Web</c>.</summary>
public sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>Where the browser goes after a consent, with <c>?result=…</c>. Empty: a plain page of our own.</summary>
    public Uri? ConnectResultUri { get; set; }

    /// <summary>The page that an invitation's link opens, with <c>?code=…</c>. Empty: invitations carry a code and no link.</summary>
    public Uri? InvitationUri { get; set; }

    /// <summary>The page that a shared overview's link opens, with <c>#code=…</c>. Empty: shared overviews have a code and no link.</summary>
    public Uri? SharedOverviewUri { get; set; }

    /// <summary>The origins whose pages may read our answers, e.g. <c>https://app.example</c>. Empty in Azure, where the platform has the list.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>What the front end's options must be.</summary>
public sealed class WebRule : IValidateOptions<WebOptions>
{
    private const string Page = "must be an https address without a fragment (http only on this machine), or empty";

    public ValidateOptionsResult Validate(string? name, WebOptions options) => new SettingFaults(WebOptions.Section)
        .Must(IsGood(options.ConnectResultUri), nameof(options.ConnectResultUri), Page)
        .Must(IsGood(options.InvitationUri), nameof(options.InvitationUri), Page)
        .Must(IsGood(options.SharedOverviewUri), nameof(options.SharedOverviewUri), Page)
        .Must(options.Origins.All(IsOrigin), nameof(options.Origins), "must be origins one by one (scheme, host, port; no path, no *), https or on this machine")
        .Result;

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var origin) && IsGood(origin) && origin.GetLeftPart(UriPartial.Authority) == text;

    private static bool IsGood(Uri? page) =>
        page is null or { IsAbsoluteUri: true, Fragment: "" } && (page is null || page.Scheme == Uri.UriSchemeHttps || (page.Scheme == Uri.UriSchemeHttp && page.IsLoopback));
}
