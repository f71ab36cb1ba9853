using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>Signs and reads JWTs (RS256).</summary>
internal sealed class TokenSigner : IDisposable
{
    /// <summary>Making a key takes a moment: sandboxes of one process that keep none on disk share it.</summary>
    private static readonly Lazy<string> NewKey = new(() =>
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    });

    // No key may be used by two at once.
    private readonly Lock _gate = new();
    private readonly RSA _key = RSA.Create();

    public TokenSigner(WorldFolder? folder)
    {
        if (folder is not null && !File.Exists(folder.KeyFile))
            File.WriteAllText(folder.KeyFile, NewKey.Value);
        _key.ImportFromPem(folder is null ? NewKey.Value : File.ReadAllText(folder.KeyFile));
        KeyId = Convert.ToHexString(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()).AsSpan(0, 20));
    }

    public string KeyId { get; }

    public JsonObject Jwks()
    {
        var parameters = _key.ExportParameters(false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = KeyId,
                ["x5t"] = SecretsLedger.Base64Url(Convert.FromHexString(KeyId)),
                ["e"] = SecretsLedger.Base64Url(parameters.Exponent),
                ["n"] = SecretsLedger.Base64Url(parameters.Modulus),
                ["alg"] = "RS256",
            }),
        };
    }

    public string Sign(JsonObject claims)
    {
        var header = new JsonObject
        {
            ["alg"] = "RS256",
            ["kid"] = KeyId,
            ["typ"] = "JWT",
            ["x5t"] = SecretsLedger.Base64Url(Convert.FromHexString(KeyId)),
        };
        var signed = Part(header) + "." + Part(claims);
        lock (_gate)
            return signed + "." + SecretsLedger.Base64Url(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>The claims of a token that this key signed; null for anything else.</summary>
    public JsonObject? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            var signature = System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]);
            bool isOurs;
            lock (_gate)
                isOurs = _key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return isOurs ? JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))?.AsObject() : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();

    private static string Part(JsonObject json) => SecretsLedger.Base64Url(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
