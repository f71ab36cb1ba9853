using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Core.Webhooks;

/// <summary>The signature that Xero and QuickBooks share: base64 of an HMAC-SHA256 over the raw body, keyed by the text of the signing key.</summary>
public static class WebhookSignature
{
    /// <summary>The signature of a body.</summary>
    public static string Of(ReadOnlySpan<byte> body, string key) => Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body));

    /// <summary>Whether a body carries the right one. The digests are compared in constant time; one that cannot be decoded is compared as well, as zeros.</summary>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="key">The signing key; empty refuses everything.</param>
    /// <param name="signature">What the post carries; null when nothing.</param>
    public static bool Matches(ReadOnlySpan<byte> body, string key, string? signature)
    {
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body, right);
        var isWhole = Convert.TryFromBase64String(signature ?? "", given, out var length) && length == given.Length;
        return CryptographicOperations.FixedTimeEquals(right, given) & isWhole & key.Length > 0;
    }
}
