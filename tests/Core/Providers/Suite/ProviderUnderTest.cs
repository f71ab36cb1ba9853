using DataHealth.Core.Providers;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>
/// What a provider must bring for the shared suite (docs/adding-a-provider.md): how it is registered, one company of its own that can be edited and whose truth is known, and how a person consents
/// and takes the consent back there.
/// </summary>
public abstract class ProviderUnderTest : IAsyncDisposable
{
    /// <summary>The provider's key.</summary>
    public abstract string Key { get; }

    /// <summary>The company that the person connects.</summary>
    public abstract OrganisationId Company { get; }

    /// <summary>Settings of the installation.</summary>
    public abstract IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Registers the provider as the product does.</summary>
    public abstract void AddTo(IServiceCollection services, Microsoft.Extensions.Configuration.IConfiguration configuration);

    /// <summary>Makes the provider from what was registered.</summary>
    public abstract IAccountingProvider Create(IServiceProvider services);

    /// <summary>A person at the provider allows the access to <see cref="Company"/>; gives what the browser brings back.</summary>
    public abstract Task<CallbackQuery> AllowAsync(Uri authorizeUri, CancellationToken cancellationToken);

    /// <summary>The person ends the access at the provider's side.</summary>
    public abstract Task EndThereAsync(CancellationToken cancellationToken);

    /// <summary>Makes, changes, voids, deletes and puts away records.</summary>
    public abstract void Edit(int seed, int count);

    /// <summary>What the company's books hold: by dataset and id, in one canonical form. Fields that the provider changes without saying so are left out.</summary>
    public abstract IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Truth();

    /// <summary>A record of the copy in the same form.</summary>
    public abstract string Canonical(string dataset, ReadOnlyMemory<byte> json);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();
}
