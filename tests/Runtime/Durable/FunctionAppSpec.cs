using DataHealth.Local.Runtime.Durable;
using DataHealth.Runtime.Tests.Infrastructure;
using DataHealth.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Runtime.Tests.Durable;

public sealed class FunctionAppSpec(AzuriteFixture azurite)
{
    [Fact]
    public async Task Functions_in_classes_are_orchestrated_with_their_services_and_started_over_HTTP()
    {
        await using var app = await FunctionApp.StartAsync<Greetings>(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = azurite.ConnectionString,
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = Azurite.NewPrefix(),
            });
            builder.Services.AddScoped<Greeter>();
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));

        var id = await app.GetAsync("api/greet/Ann");
        var ended = await app.Get<DurableTaskClient>().WaitForInstanceCompletionAsync(id, true, patience.Token);

        ended.SerializedOutput.ShouldBe("{\"Text\":\"Hello Ann and Bob\"}");
    }

    [Theory]
    [InlineData("%Hub%", "AnotherHub")]
    [InlineData("PlainHub", "PlainHub")]
    public void The_hub_is_named_by_host_json_or_by_the_setting_that_host_json_names(string name, string hub) => DurableSettings.From(Named(name)).HubName.ShouldBe(hub);

    // The real host reads parts of a text, too.
    [Theory]
    [InlineData("%Nothing%")]
    [InlineData("My%Hub%")]
    public void A_hub_whose_setting_is_not_there_is_refused_by_name(string name) =>
        Should.Throw<InvalidOperationException>(() => DurableSettings.From(Named(name))).Message.ShouldStartWith($"The task hub's name '{name}' must begin with a letter");

    private static IConfiguration Named(string hub) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = hub, ["Hub"] = "AnotherHub" }).Build();

    [Fact]
    public async Task What_a_replay_took_from_its_services_is_disposed_of_also_when_the_orchestrator_waits()
    {
        await using var app = await FunctionApp.StartAsync<Greetings>(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = azurite.ConnectionString,
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = Azurite.NewPrefix(),
            });
            builder.Services.AddScoped<Greeter>();
            builder.Services.AddSingleton<Tally>();
            builder.Services.AddScoped<Ticket>();
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var client = app.Get<DurableTaskClient>();

        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Greetings.TakeTicketAsync), patience.Token);
        await client.WaitForInstanceCompletionAsync(id, patience.Token);

        var tally = app.Get<Tally>();
        tally.Taken.ShouldBe(2);
        tally.Disposed.ShouldBe(2);
    }

    public sealed class Tally
    {
        public int Taken { get; set; }

        public int Disposed { get; set; }
    }

    public sealed class Ticket : IDisposable
    {
        private readonly Tally _tally;

        public Ticket(Tally tally)
        {
            _tally = tally;
            tally.Taken++;
        }

        public void Dispose() => _tally.Disposed++;
    }

    public sealed class Greeter
    {
        public string Greet(string name) => $"Hello {name}";
    }

    public sealed record Greeting(string Text);

    public sealed class Greetings(Greeter greeter)
    {
        [Function("Greet")]
        public static async Task<IActionResult> StartAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "greet/{name}")] HttpRequest request,
            string name, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
            new OkObjectResult(await client.ScheduleNewOrchestrationInstanceAsync(nameof(OrchestrateAsync), name, cancellationToken));

        [Function(nameof(OrchestrateAsync))]
        public static async Task<Greeting> OrchestrateAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = await context.CallActivityAsync<Greeting>(nameof(GreetAsync), new Greeting(context.GetInput<string>()!));
            return first with { Text = first.Text + " and Bob" };
        }

        [Function(nameof(TakeTicketAsync))]
        public static async Task TakeTicketAsync([OrchestrationTrigger] TaskOrchestrationContext context, FunctionContext invocation)
        {
            _ = invocation.InstanceServices.GetRequiredService<Ticket>();
            await context.CallActivityAsync<Greeting>(nameof(GreetAsync), new Greeting("Ann"));
        }

        [Function(nameof(GreetAsync))]
        public Task<Greeting> GreetAsync([ActivityTrigger] Greeting whom, FunctionContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new Greeting(greeter.Greet(whom.Text)));
    }
}
