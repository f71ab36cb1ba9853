using DataHealth.Core.Practices;
using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Access;

/// <summary>The sign-in provider: any OpenID Connect provider. Section <c>Auth</c>.</summary>
public sealed class AuthOptions
{
    public const string Section = "Auth";

    /// <summary>The provider's address; its discovery document lies below it.</summary>
    public Uri? Authority { get; set; }

    /// <summary>What tokens for this API name as their audience.</summary>
    public string? Audience { get; set; }

    /// <summary>The signature algorithms that are accepted; asymmetric ones only.</summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>How far the provider's clock may be from ours; at most two minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The shortest time between two looks for new keys, when a token names one that is not known: 1 second to 1 hour.</summary>
    public TimeSpan KeyRefresh { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>For how long a member is taken to be what they were: at most 30 seconds, so that a removed one is out within the minute.</summary>
    public TimeSpan MemberCache { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// For providers that never say <c>email_verified</c> but let nobody choose an address freely. An invitation is bound to an e-mail address: where people can,
    /// this would let anyone accept anyone's.
    /// </summary>
    public bool TrustEmail { get; set; }
}

/// <summary>What the sign-in options must be, said at start.</summary>
public sealed class AuthRule(HostingPlace place) : IValidateOptions<AuthOptions>
{
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public ValidateOptionsResult Validate(string? name, AuthOptions options) => new SettingFaults(AuthOptions.Section)
        .Must(
            options.Authority is { IsAbsoluteUri: true } authority && (authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback && !place.IsAzure)),
            nameof(options.Authority), "must be the https address of your OpenID Connect provider (http only on this machine)")
        .Must(!string.IsNullOrWhiteSpace(options.Audience), nameof(options.Audience), "must be what your provider puts into tokens for this API")
        .Must(!options.Algorithms.Except(Asymmetric).Any(), nameof(options.Algorithms), $"may hold only {string.Join(", ", Asymmetric)}")
        .Range(nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(2))
        .Range(nameof(options.KeyRefresh), options.KeyRefresh, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1))
        .Range(nameof(options.MemberCache), options.MemberCache, TimeSpan.Zero, TimeSpan.FromSeconds(30))
        .Result;
}
