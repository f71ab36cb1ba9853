using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Practices;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Connections.Consents;

/// <summary>Begins a walk to a provider, whatever it is for.</summary>
public sealed class ConsentStart(ConsentStore consents, ITokenVault vault, IOptions<ConnectionsOptions> options, TimeProvider time)
{
    /// <summary>Makes a state that is good once, for ten minutes, for that member and purpose, and says where to send the browser.</summary>
    /// <exception cref="VaultException">The provider uses PKCE and the vault did not take the verifier.</exception>
    internal async Task<StartOutcome.Redirect> BeginAsync(Actor actor, IAccountingProvider provider, ConsentPurpose purpose, ClientId client, CancellationToken cancellationToken)
    {
        var id = new ConsentId(Guid.NewGuid().ToString("N"));
        var (state, hash) = OneTimeCode.New(id);
        var now = time.GetUtcNow();
        var consent = new Consent(id, actor.Practice, actor.Member, client, provider.Key)
        {
            MemberName = actor.Name,
            CreatedAt = now,
            ExpiresAt = now + options.Value.ConsentLifetime,
            Stage = ConsentStage.Started,
            Purpose = purpose,
            StateHash = hash,
        };
        await consents.TryWriteAsync(consent, cancellationToken);
        string? challenge = null;
        if (provider.Authorization.UsesPkce)
        {
            var verifier = OneTimeCode.NewVerifier();
            await vault.SetAsync(consent.VerifierSecret, verifier, cancellationToken);
            challenge = OneTimeCode.ChallengeOf(verifier);
        }
        return new StartOutcome.Redirect(provider.Authorization.AuthorizeUri(state, options.Value.RedirectUri(provider.Key), challenge), consent.ExpiresAt);
    }
}
