using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http;

/// <summary>The web front end. Section <c>Web</c>.</summary>
public sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>Where the browser goes after a consent, with <c>?result=…</c>. Empty: a plain page of our own.</summary>
    public Uri? ConnectResultUri { get; set; }
}

/// <summary>What the front end's options must be.</summary>
public sealed class WebRule : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) =>
        options.ConnectResultUri is null
        || (options.ConnectResultUri is { IsAbsoluteUri: true, Fragment: "" } address
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Web:ConnectResultUri must be an https address without a fragment (http only on this machine), or empty for our own page.");
}
