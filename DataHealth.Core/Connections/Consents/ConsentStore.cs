using Azure;
using Azure.Data.Tables;
using DataHealth.Core.Storage;

namespace DataHealth.Core.Connections.Consents;

/// <summary>The consents under way: table <c>consents</c>, one partition, few rows, since each lives for minutes.</summary>
public sealed class ConsentStore(AppStorage storage)
{
    internal const string Table = "consents";
    internal const string Partition = "consent";

    internal async Task<Consent?> FindAsync(ConsentId id, CancellationToken cancellationToken)
    {
        var row = await (await TableAsync(cancellationToken)).GetEntityIfExistsAsync<TableEntity>(Partition, id.Value, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>Writes a consent as it was read.</summary>
    /// <returns>Null when someone else wrote it meanwhile.</returns>
    internal async Task<Consent?> TryWriteAsync(Consent consent, CancellationToken cancellationToken)
    {
        var table = await TableAsync(cancellationToken);
        try
        {
            var response = consent.ETag == default
                ? await table.AddEntityAsync(Write(consent), cancellationToken)
                : await table.UpdateEntityAsync(Write(consent), consent.ETag, TableUpdateMode.Replace, cancellationToken);
            return consent with { ETag = response.Headers.ETag ?? default };
        }
        catch (RequestFailedException faster) when (faster.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    internal async Task DeleteAsync(ConsentId id, CancellationToken cancellationToken) =>
        await (await TableAsync(cancellationToken)).DeleteEntityAsync(Partition, id.Value, ETag.All, cancellationToken);

    internal async IAsyncEnumerable<Consent> AllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in (await TableAsync(cancellationToken)).QueryAsync<TableEntity>(row => row.PartitionKey == Partition, cancellationToken: cancellationToken))
            yield return Read(row);
    }

    private static Consent Read(TableEntity row) => new(
        new ConsentId(row.RowKey), new PracticeId(row.GetString("Practice")), new MemberId(row.GetString("Member")), new ClientId(row.GetString("Client")), row.GetString("Provider"))
    {
        MemberName = row.GetString("MemberName"),
        CreatedAt = row.GetDateTimeOffset("CreatedAt") ?? default,
        ExpiresAt = row.GetDateTimeOffset("ExpiresAt") ?? default,
        Stage = Enum.Parse<ConsentStage>(row.GetString("Stage")),
        Purpose = row.GetString("Purpose") is { } purpose ? Enum.Parse<ConsentPurpose>(purpose) : ConsentPurpose.OneClient,
        StateHash = row.GetString("StateHash"),
        ResultHash = row.GetString("ResultHash"),
        Grant = row.GetString("Grant") is { } grant ? new GrantId(grant) : null,
        ProviderConsentId = row.GetString("ProviderConsentId"),
        ParkedOwner = row.GetString("ParkedOwner"),
        IsUnproven = row.GetBoolean("IsUnproven") ?? false,
        Connected = row.GetString("Connected") is { } organisation ? new OrganisationId(row.GetString("Provider"), organisation) : null,
        ETag = row.ETag,
    };

    private static TableEntity Write(Consent consent) => new(Partition, consent.Id.Value)
    {
        ["Practice"] = consent.Practice.Value,
        ["Member"] = consent.Member.Value,
        ["MemberName"] = consent.MemberName,
        ["Client"] = consent.Client.Value ?? "",
        ["Provider"] = consent.Provider,
        ["CreatedAt"] = consent.CreatedAt,
        ["ExpiresAt"] = consent.ExpiresAt,
        ["Stage"] = consent.Stage.ToString(),
        ["Purpose"] = consent.Purpose.ToString(),
        ["StateHash"] = consent.StateHash,
        ["ResultHash"] = consent.ResultHash,
        ["Grant"] = consent.Grant?.Value,
        ["ProviderConsentId"] = consent.ProviderConsentId,
        ["ParkedOwner"] = consent.ParkedOwner,
        ["IsUnproven"] = consent.IsUnproven,
        ["Connected"] = consent.Connected?.Id,
    };

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => storage.TableAsync(Table, cancellationToken);
}
