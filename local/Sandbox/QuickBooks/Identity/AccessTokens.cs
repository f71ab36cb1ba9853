using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DataHealth.Local.Sandbox.Identity;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>Access tokens as Intuit's look: encrypted, with nothing to read in them for the app (compact JWE, dir, A256GCM).</summary>
internal sealed class AccessTokens
{
    private const int TagBytes = 16;
    private static readonly string Header = SecretsLedger.Base64Url("""{"enc":"A256GCM","alg":"dir"}"""u8);
    private readonly byte[] _key;
    private readonly SecretsLedger _secrets;

    public AccessTokens(WorldFolder? folder, SecretsLedger secrets)
    {
        _secrets = secrets;
        var file = folder?.KeyFile + ".access";
        if (folder is not null && !File.Exists(file))
            File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(32));
        _key = folder is null ? RandomNumberGenerator.GetBytes(32) : File.ReadAllBytes(file);
    }

    public string Issue(string grantId, DateTime expiresUtc)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(new Content(grantId, expiresUtc, Guid.NewGuid()));
        var nonce = RandomNumberGenerator.GetBytes(12);
        var (cipher, tag) = (new byte[plain.Length], new byte[TagBytes]);
        using var aes = Cipher();
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.ASCII.GetBytes(Header));
        return _secrets.Keep("access-token", $"{Header}..{SecretsLedger.Base64Url(nonce)}.{SecretsLedger.Base64Url(cipher)}.{SecretsLedger.Base64Url(tag)}");
    }

    /// <summary>The grant and the end of a token, expired or not; null when we did not issue it.</summary>
    public (string GrantId, DateTime ExpiresUtc)? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 5 || parts[0] != Header)
            return null;
        try
        {
            var cipher = System.Buffers.Text.Base64Url.DecodeFromChars(parts[3]);
            var plain = new byte[cipher.Length];
            using var aes = Cipher();
            aes.Decrypt(System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), cipher, System.Buffers.Text.Base64Url.DecodeFromChars(parts[4]), plain, Encoding.ASCII.GetBytes(Header));
            var content = JsonSerializer.Deserialize<Content>(plain)!;
            return (content.Grant, content.Expires);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    // One for each call: shared by several at once it refuses tokens that it made.
    private AesGcm Cipher() => new(_key, TagBytes);

    private sealed record Content(string Grant, DateTime Expires, Guid Unique);
}
