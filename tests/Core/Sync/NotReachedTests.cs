using Azure;
using DataHealth.Core.Storage;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Sync;

public sealed class NotReachedTests
{
    [Fact]
    public async Task A_storage_that_nobody_reaches_is_away_as_one_that_refuses_is()
    {
        var nobody = $"http://127.0.0.1:{FreePorts.Take(1)[0]}/devstoreaccount1";
        var storage = new AppStorage(Options.Create(new StorageOptions
        {
            ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Convert.ToBase64String(new byte[32])};TableEndpoint={nobody};BlobEndpoint={nobody};",
        }));

        (await Should.ThrowAsync<RequestFailedException>(storage.TableAsync("clients", TestContext.Current.CancellationToken))).ErrorCode.ShouldBe("NotReached");
        (await Should.ThrowAsync<RequestFailedException>(storage.ContainerAsync("exports", TestContext.Current.CancellationToken))).ErrorCode.ShouldBe("NotReached");
    }
}
