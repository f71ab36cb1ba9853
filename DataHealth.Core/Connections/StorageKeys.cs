using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Core.Connections;

/// <summary>Table keys made of what a provider calls its own. A provider's id is not ours to trust: anything unusual is hashed.</summary>
internal static class StorageKeys
{
    public static GrantId GrantOf(string provider, string ownerId) => new($"{provider}-{Safe(ownerId)}");

    public static string Of(OrganisationId organisation) => $"{organisation.Provider}-{Safe(organisation.Id)}";

    /// <summary>Half a SHA-256 in lower-case hexadecimal digits: short enough for a name, long enough that nobody makes two alike.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static string Safe(string id) =>
        id is { Length: > 0 and <= 100 } && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? id : "h" + Hash(id);
}
