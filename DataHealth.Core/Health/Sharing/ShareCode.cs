using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using DataHealth.Core.Clients;

namespace DataHealth.Core.Health.Sharing;

/// <summary>What a share link carries: where it is kept and a secret of 256 random bits, of which only the hash is kept.</summary>
internal sealed record ShareCode(ClientId Client, ShareId Share, string Secret)
{
    private const int SecretLength = 43;

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));

    public static ShareCode New(ClientId client, ShareId share) => new(client, share, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static bool TryRead(string? text, [NotNullWhen(true)] out ShareCode? code)
    {
        code = text is { Length: <= 120 } && text.Split('.') is [var client, var share, { Length: SecretLength } secret]
            && ClientStore.IsWellFormed(new ClientId(client)) && ShareId.TryParse(share, out var id)
            ? new ShareCode(new ClientId(client), id, secret)
            : null;
        return code is not null;
    }

    public bool Matches(string? hash) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));

    public override string ToString() => $"{Client}.{Share}.{Secret}";
}

/// <summary>A share link of a client's overview.</summary>
/// <param name="Value">32 lower-case hexadecimal digits, sorting by time of making.</param>
public readonly record struct ShareId(string Value)
{
    /// <summary>A new one.</summary>
    public static ShareId New(TimeProvider time) => new(Identifier.New(time));

    /// <summary>Reads one from an address; false for what none can be.</summary>
    public static bool TryParse(string? text, out ShareId id)
    {
        var isGood = text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);
        id = isGood ? new ShareId(text!) : default;
        return isGood;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
