using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Base64Url = System.Buffers.Text.Base64Url;

namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>What is right or wrong with a token that a control call asks for.</summary>
public enum TokenKind
{
    Good,
    Expired,
    NotYet,
    NoExpiry,
    WrongAudience,
    WrongIssuer,

    /// <summary>The right header, no signature.</summary>
    NoSignature,

    /// <summary><c>alg: none</c>.</summary>
    None,

    /// <summary>Another key under the id of ours.</summary>
    OtherKey,

    /// <summary>Another key under its own id.</summary>
    UnknownKey,

    /// <summary>Changed after it was signed.</summary>
    Tampered,

    /// <summary>HS256 with our public key as the secret.</summary>
    PublicKeyAsSecret,
    Garbage,
}

/// <summary>Asks for an access token without a browser.</summary>
/// <param name="Person">A ready-made person; else give subject, name and e-mail.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Name">The name.</param>
/// <param name="Email">The address.</param>
/// <param name="EmailVerified">Whether the provider vouches for it.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Minutes">How long it is good.</param>
public sealed record TokenRequest(string? Person, string? Subject, string? Name, string? Email, bool? EmailVerified, TokenKind? Kind, int? Minutes);

/// <summary>Makes access tokens for tests and scripts, good and bad, as the token endpoint makes them.</summary>
internal sealed class TokenMint(SignInKeys keys, SignInOptions options, TimeProvider time)
{
    private static readonly Lazy<RsaSecurityKey> Foreign = new(SignInKeys.NewKey);

    public string Mint(TokenRequest request, string issuer)
    {
        var ready = SignInPeople.Find(request.Person);
        if (request.Person is not null && ready is null)
            throw new KeyNotFoundException($"There is no person '{request.Person}'; there are {string.Join(", ", SignInPeople.All.Select(person => person.Key))}.");
        var subject = ready?.Subject ?? request.Subject ?? throw new ArgumentException("Give a person, or a subject.");
        var kind = request.Kind ?? TokenKind.Good;
        if (kind is TokenKind.Garbage)
            return "this.is-no.token";
        var now = time.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = kind is TokenKind.WrongIssuer ? "https://somebody.else.example/" : issuer,
            Audience = kind is TokenKind.WrongAudience ? "another-api" : options.Audience,
            IssuedAt = kind is TokenKind.Expired ? now.AddHours(-2) : now,
            NotBefore = kind is TokenKind.NotYet ? now.AddMinutes(10) : kind is TokenKind.Expired ? now.AddHours(-2) : now,
            Expires = kind is TokenKind.Expired ? now.AddMinutes(-10) : now.AddMinutes(request.Minutes ?? options.TokenLifetime.TotalMinutes),
            SigningCredentials = kind switch
            {
                TokenKind.OtherKey => new SigningCredentials(new RsaSecurityKey(Foreign.Value.Rsa) { KeyId = keys.Current.Key.KeyId }, SecurityAlgorithms.RsaSha256),
                TokenKind.UnknownKey => new SigningCredentials(Foreign.Value, SecurityAlgorithms.RsaSha256),
                _ => keys.Current,
            },
            Claims = new Dictionary<string, object>
            {
                ["sub"] = subject,
                ["name"] = ready?.Name ?? request.Name ?? subject,
                ["client_id"] = options.ClientId,
                ["scope"] = "openid profile email",
                ["jti"] = Guid.NewGuid().ToString(),
            },
        };
        if ((ready?.Email ?? request.Email) is { } email)
        {
            descriptor.Claims["email"] = email;
            descriptor.Claims["email_verified"] = ready?.IsEmailVerified ?? request.EmailVerified ?? true;
        }
        var token = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
        return kind switch
        {
            TokenKind.NoSignature => token[..(token.LastIndexOf('.') + 1)],
            TokenKind.None => Rewritten(token, header => header["alg"] = "none", _ => { }, _ => ""),
            TokenKind.NoExpiry => Rewritten(token, _ => { }, claims => claims.Remove("exp"), Signed),
            TokenKind.Tampered => Rewritten(token, _ => { }, claims => claims["sub"] = "sandbox-mara", _ => token[(token.LastIndexOf('.') + 1)..]),
            TokenKind.PublicKeyAsSecret => Rewritten(token, header => header["alg"] = "HS256", _ => { }, WithPublicKey),
            _ => token,
        };
    }

    private string Signed(string content) =>
        Base64Url.EncodeToString(((RsaSecurityKey)keys.Current.Key).Rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private string WithPublicKey(string content) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(((RsaSecurityKey)keys.Current.Key).Rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(content)));

    private static string Rewritten(string token, Action<JsonObject> header, Action<JsonObject> claims, Func<string, string> sign)
    {
        var parts = token.Split('.');
        var content = $"{Change(parts[0], header)}.{Change(parts[1], claims)}";
        return $"{content}.{sign(content)}";
    }

    private static string Change(string part, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
        change(json);
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
    }
}
