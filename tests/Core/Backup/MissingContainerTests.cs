using Azure.Storage.Blobs;
using DataHealth.Core.Backup;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Backup;

public sealed class MissingContainerTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_backup_into_a_container_that_is_not_there_says_how_to_make_it()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, $"missing-{Guid.NewGuid():N}");

        var refused = await Should.ThrowAsync<BackupException>(async () =>
        {
            await using var file = await new ContainerPlace(container, "2026-11-28").CreateAsync("clients.jsonl.gz", TestContext.Current.CancellationToken);
            file.WriteByte(1);
        });

        refused.Message.ShouldContain($"az storage container create --account-name {container.AccountName} --name {container.Name}");
    }
}
