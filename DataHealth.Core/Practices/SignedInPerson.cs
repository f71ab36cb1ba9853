using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Core.Practices;

/// <summary>Somebody whom the sign-in provider vouches for; not yet anybody's member.</summary>
/// <param name="Issuer">The provider, as in the token.</param>
/// <param name="Subject">The person at that provider; never given to another.</param>
/// <param name="Name">Their name for people.</param>
/// <param name="Email">Their address, if the provider says one.</param>
/// <param name="IsEmailVerified">True when the provider vouches for the address too; only then it proves anything.</param>
public sealed record SignedInPerson(string Issuer, string Subject, string Name, string? Email, bool IsEmailVerified)
{
    /// <summary>The person as a storage key. Issuer and subject are foreign text of any length.</summary>
    public string Key { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Issuer}\n{Subject}")));

    /// <summary>True when the provider vouches that the person has that address.</summary>
    public bool Has(string email) => IsEmailVerified && string.Equals(Email, email, StringComparison.OrdinalIgnoreCase);
}
