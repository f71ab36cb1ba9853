using DataHealth.Core.Practices;
using DataHealth.Functions.Composition;
using DataHealth.Local.Runtime.Durable;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace DataHealth.Functions.Tests;

public sealed class StartTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData("--Auth:Authority=http://login.example/", "Auth:Authority")]
    [InlineData("--Auth:Authority=http://localhost:7090/", "Auth:Authority")]
    public async Task Promise_7_sign_in_without_encryption_is_refused_in_Azure(string setting, string named) =>
        (await FailAsync(new HostingPlace(IsAzure: true), setting, "--Auth:Audience=api", "--Vault:Uri=https://vault.example/")).ShouldContain(named);

    [Theory]
    [InlineData("--Storage:TablePrefix=9-bad", "Storage:TablePrefix")]
    [InlineData("--Storage:ConnectionString=", "Storage:ConnectionString")]
    [InlineData("--Web:ConnectResultUri=http://far.example/x", "Web:ConnectResultUri")]
    [InlineData("--Connections:CallbackBaseUri=http://far.example/api", "Connections:CallbackBaseUri")]
    [InlineData("--Web:InvitationUri=http://far.example/x", "Web:InvitationUri")]
    [InlineData("--Web:SharedOverviewUri=http://far.example/x", "Web:SharedOverviewUri")]
    [InlineData("--Web:Origins:0=*", "Web:Origins")]
    [InlineData("--Web:Origins:0=https://app.example/path", "Web:Origins")]
    [InlineData("--RateLimits:PerMember=0", "RateLimits:PerMember")]
    [InlineData("--Auth:Authority=", "Auth:Authority")]
    [InlineData("--Auth:Authority=http://far.example/", "Auth:Authority")]
    [InlineData("--Auth:Audience=", "Auth:Audience")]
    [InlineData("--Auth:Algorithms:0=HS256", "Auth:Algorithms")]
    [InlineData("--Auth:Algorithms:0=none", "Auth:Algorithms")]
    [InlineData("--Auth:ClockSkew=00:05:00", "Auth:ClockSkew")]
    [InlineData("--Auth:MemberCache=00:01:00", "Auth:MemberCache")]
    [InlineData("--Members:InvitationLifetime=365.00:00:00", "Members:InvitationLifetime")]
    public async Task A_wrong_setting_is_named_at_start(string setting, string named) =>
        (await FailAsync(new HostingPlace(IsAzure: false), setting)).ShouldContain(named);

    [Fact]
    public void What_is_printed_of_a_wrong_setting_is_its_sentence_and_no_stack()
    {
        var builder = DataHealthApplication.CreateBuilder([$"--Storage:ConnectionString={azurite.ConnectionString}", "--Auth:Authority=http://far.example/", "--Auth:Audience="]);
        builder.Services.AddSingleton(new HostingPlace(IsAzure: false));
        using var host = builder.Build();

        var fault = StartFault.Of(host.Services).ShouldNotBeNull();

        fault.ShouldStartWith("Data Health does not start: Auth:Authority must be");
        fault.ShouldContain(". Auth:Audience must be");
        fault.ShouldNotContain("; ");
        fault.ShouldNotContain('\n');
    }

    [Fact]
    public void The_task_hub_is_the_one_of_the_setting_that_host_json_names()
    {
        DurableSettings.From(DataHealthApplication.CreateBuilder([]).Configuration).HubName.ShouldBe("DataHealth");
        DurableSettings.From(DataHealthApplication.CreateBuilder(["--TaskHub=DataHealth2"]).Configuration).HubName.ShouldBe("DataHealth2");
    }

    [Fact]
    public void Promise_4_a_refresh_whose_answer_was_lost_is_looked_after_well_within_the_grace_of_Xero()
    {
        var builder = DataHealthApplication.CreateBuilder([]);
        var schedule = CrontabSchedule.Parse(builder.Configuration["KeepAliveSchedule"]!, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

        var ticks = schedule.GetNextOccurrences(DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1)).ToList();

        ticks.Zip(ticks.Skip(1), (one, next) => next - one).ShouldAllBe(gap => gap <= TimeSpan.FromMinutes(10), "facts 1.4: the old refresh token is good for 30 minutes");
    }

    private async Task<string> FailAsync(HostingPlace place, params string[] settings)
    {
        var builder = DataHealthApplication.CreateBuilder(
        [
            $"--AzureWebJobsStorage={azurite.ConnectionString}", $"--TaskHub={Azurite.NewPrefix()}", "--LocalRuntime:Port=0",
            $"--Storage:ConnectionString={azurite.ConnectionString}", .. settings,
        ]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(place);
        using var host = builder.Build();
        var failure = await Should.ThrowAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
        return failure.ToString();
    }
}
