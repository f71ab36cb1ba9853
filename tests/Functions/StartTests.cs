using DataHealth.Core.Practices;
using DataHealth.Functions.Composition;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataHealth.Functions.Tests;

public sealed class StartTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Promise_7_starting_in_Azure_with_the_local_member_is_refused_in_a_sentence()
    {
        var failure = await FailAsync(new HostingPlace(IsAzure: true), "--LocalMember:PracticeId=birch", "--Vault:Uri=https://vault.example/");

        failure.ShouldContain("LocalMember is configured, but this runs in Azure");
    }

    [Theory]
    [InlineData("--Storage:TablePrefix=9-bad", "Storage:TablePrefix")]
    [InlineData("--Storage:ConnectionString=", "Storage:ConnectionString")]
    [InlineData("--Web:ConnectResultUri=http://far.example/x", "Web:ConnectResultUri")]
    [InlineData("--Connections:CallbackBaseUri=http://far.example/api", "Connections:CallbackBaseUri")]
    [InlineData("--LocalMember:PracticeId=Not Good", "LocalMember:PracticeId")]
    public async Task A_wrong_setting_is_named_at_start(string setting, string named) =>
        (await FailAsync(new HostingPlace(IsAzure: false), setting)).ShouldContain(named);

    private async Task<string> FailAsync(HostingPlace place, params string[] settings)
    {
        var builder = DataHealthApplication.CreateBuilder(
        [
            $"--AzureWebJobsStorage={azurite.ConnectionString}", $"--AzureFunctionsJobHost:extensions:durableTask:hubName={Azurite.NewPrefix()}", "--LocalRuntime:Port=0",
            $"--Storage:ConnectionString={azurite.ConnectionString}", .. settings,
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(place);
        using var host = builder.Build();
        var failure = await Should.ThrowAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
        return failure.ToString();
    }
}
