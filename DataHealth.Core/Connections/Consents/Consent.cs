using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure;

namespace DataHealth.Core.Connections.Consents;

/// <summary>One walk to a provider and back. Public part of its state and result code; no secret.</summary>
internal readonly record struct ConsentId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>One walk to a provider and back.</summary>
internal sealed record Consent(ConsentId Id, PracticeId Practice, MemberId Member, ClientId Client, string Provider)
{
    public string? MemberName { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public ConsentStage Stage { get; init; }

    public ConsentPurpose Purpose { get; init; }

    /// <summary>SHA-256 of the state's secret part.</summary>
    public required string StateHash { get; init; }

    /// <summary>SHA-256 of the result code's secret part, once received.</summary>
    public string? ResultHash { get; init; }

    public GrantId? Grant { get; init; }

    /// <summary>The provider's id of the consent: not a secret.</summary>
    public string? ProviderConsentId { get; init; }

    /// <summary>Whose the pair is said to be that waits under <see cref="ParkedSecret"/>; null where none ever did.</summary>
    public string? ParkedOwner { get; init; }

    /// <summary>Nobody has proven yet that the pair is the named owner's: nothing is offered by it.</summary>
    public bool IsUnproven { get; init; }

    /// <summary>What was connected, once done.</summary>
    public OrganisationId? Connected { get; init; }

    public ETag ETag { get; init; }

    /// <summary>Where a PKCE verifier waits for the callback.</summary>
    public string VerifierSecret => $"consent-{Id}";

    /// <summary>Where a pair waits whose owner could not be proven at the callback.</summary>
    public string ParkedSecret => $"parked-{Id}";
}

/// <summary>What a walk to a provider is for.</summary>
internal enum ConsentPurpose
{
    /// <summary>Connects one client, which it names.</summary>
    OneClient,

    /// <summary>Connects many; it names none.</summary>
    ManyClients,

    /// <summary>Swaps who authorises one client's connection; the organisation stays.</summary>
    TakeOver,
}

internal enum ConsentStage
{
    /// <summary>The person is at the provider.</summary>
    Started,

    /// <summary>The callback came; its state is used up.</summary>
    Claimed,

    /// <summary>The pair is stored; the member's confirmation is missing.</summary>
    Received,

    /// <summary>Confirmed.</summary>
    Done,

    /// <summary>Ended without a connection.</summary>
    Ended,
}

/// <summary>A 256-bit single-use code whose first part finds its row and whose second is known only to the one who got it: we keep its hash.</summary>
internal static class OneTimeCode
{
    private const int IdLength = 32;
    private const int SecretLength = 43;

    public static (string Code, string Hash) New(ConsentId id)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return ($"{id}.{secret}", HashOf(secret));
    }

    /// <summary>Takes a code apart; false for anything that cannot be one of ours.</summary>
    public static bool TryRead(string? code, out ConsentId id, out string secret)
    {
        (id, secret) = (default, "");
        if (code is not { Length: IdLength + 1 + SecretLength } || code[IdLength] != '.' || !code.AsSpan(0, IdLength).ContainsOnlyHex())
            return false;
        (id, secret) = (new ConsentId(code[..IdLength]), code[(IdLength + 1)..]);
        return true;
    }

    public static bool Matches(string secret, string? hash) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(secret)), Encoding.ASCII.GetBytes(hash));

    public static string NewVerifier() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));

    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiHexDigitLower(letter))
                return false;
        }
        return true;
    }
}
