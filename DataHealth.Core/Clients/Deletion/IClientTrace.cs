namespace DataHealth.Core.Clients.Deletion;

/// <summary>
/// One place where something of a client is kept. Everything that stores rows, blobs or secrets of a client registers one (<see cref="ClientTraceRegistration"/>), in the registration of its
/// own folder: deleting, verifying and exporting a client walk over all of them and know no table by name. What is also another client's is no longer counted once only others need it.
/// </summary>
public interface IClientTrace
{
    /// <summary>A stable word for certificates and exports, e.g. <c>ledger</c>.</summary>
    string Name { get; }

    /// <summary>When it is erased.</summary>
    ErasureStage Stage { get; }

    /// <summary>True where others may use the same items as well: they are the client's only while nobody does.</summary>
    bool MayBeShared => false;

    /// <summary>How many items are there. A scan of keys; may take seconds for a large client.</summary>
    Task<long> CountAsync(ClientScope scope, CancellationToken cancellationToken);

    /// <summary>Erases some of it. Repeatable, also side by side with itself; a crash leaves what is not erased to the next call.</summary>
    /// <param name="scope">Of whom.</param>
    /// <param name="atMost">About how many items.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>True when nothing was left; false to be called again.</returns>
    Task<bool> EraseAsync(ClientScope scope, int atMost, CancellationToken cancellationToken);

    /// <summary>True where a line of the export is the provider's own words, which are taken out as they came.</summary>
    bool IsVerbatim => false;

    /// <summary>What is kept, one UTF-8 JSON object an item, page by page underneath. Never a secret; nothing where it only helps to find other things.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ExportAsync(ClientScope scope, CancellationToken cancellationToken);
}

/// <summary>The order of erasing: first what a run in flight needs to write, last what says that the client exists.</summary>
public enum ErasureStage
{
    /// <summary>Where datasets stand: without them nothing writes to the copy any more.</summary>
    Checkpoints,

    /// <summary>The copy, and all that was made of it.</summary>
    Data,

    /// <summary>The connection, what finds it, its secrets. After the provider's part is done, which needs them.</summary>
    Connection,

    /// <summary>The client itself, who may see it, what finds it. Stays where only its data is deleted.</summary>
    Identity,
}

/// <summary>What is to be found: the client, and what it was ever connected to (the rows that say so are erased on the way).</summary>
/// <param name="Client">The client.</param>
/// <param name="Practice">Its practice.</param>
public sealed record ClientScope(ClientId Client, PracticeId Practice)
{
    /// <summary>Grants that it uses or used.</summary>
    public IReadOnlyList<GrantId> Grants { get; init; } = [];

    /// <summary>Organisations that it holds or held, as keys of the holders' table.</summary>
    public IReadOnlyList<string> HeldKeys { get; init; } = [];

    /// <summary>Those of its organisations that no other client of any practice holds or held.</summary>
    public IReadOnlyList<OrganisationId> SoleOrganisations { get; init; } = [];

    /// <summary>Names in the vault of the secrets of those grants that nobody else uses.</summary>
    public IReadOnlyList<GrantSecretName> Secrets { get; init; } = [];

    /// <summary>Both together.</summary>
    public ClientScope With(ClientScope later) => this with
    {
        Grants = [.. Grants.Union(later.Grants)],
        HeldKeys = [.. HeldKeys.Union(later.HeldKeys)],
        SoleOrganisations = [.. SoleOrganisations.Union(later.SoleOrganisations)],
        Secrets = [.. Secrets.Union(later.Secrets)],
    };
}

/// <summary>A secret's name.</summary>
/// <param name="Grant">Of which grant.</param>
/// <param name="Name">The name in the vault: a hash and a number.</param>
public readonly record struct GrantSecretName(GrantId Grant, string Name);
