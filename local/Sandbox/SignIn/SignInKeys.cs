using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>The signing keys: a new one at each start, and whenever a control call rolls them. The former stays published for those who hold its tokens.</summary>
internal sealed class SignInKeys(IOptionsMonitor<OpenIddictServerOptions> options)
{
    private readonly Lock _gate = new();

    /// <summary>The key that signs now.</summary>
    public SigningCredentials Current
    {
        get
        {
            lock (_gate)
                return options.CurrentValue.SigningCredentials[0];
        }
    }

    /// <summary>A key with its own id.</summary>
    public static RsaSecurityKey NewKey()
    {
        var key = new RsaSecurityKey(RSA.Create(2048));
        key.KeyId = Convert.ToHexStringLower(key.ComputeJwkThumbprint())[..16];
        return key;
    }

    /// <summary>Signs with a new key from now on.</summary>
    /// <param name="forget">The former ones are no longer published: their tokens die.</param>
    public string Roll(bool forget)
    {
        lock (_gate)
        {
            var server = options.CurrentValue;
            var key = NewKey();
            if (forget)
                server.SigningCredentials.Clear();
            server.SigningCredentials.Insert(0, new SigningCredentials(key, SecurityAlgorithms.RsaSha256));
            server.TokenValidationParameters.IssuerSigningKeys = [.. server.SigningCredentials.Select(credentials => credentials.Key)];
            return key.KeyId;
        }
    }
}
