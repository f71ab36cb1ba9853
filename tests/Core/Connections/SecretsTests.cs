using System.Text;
using Azure.Data.Tables;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Connections;

public sealed class SecretsTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Promise_5_No_token_code_or_state_reaches_a_log_or_a_table()
    {
        await using var world = new World(azurite);
        var (client, connection) = await world.First.AddConnectedAsync(world.Ann, "user1", "org1");
        var second = await world.First.AddClientAsync(world.Ann, "Second");
        var state = await world.First.StartAsync(world.Ann, second);
        await world.First.CallbackAsync(state, "never-issued-code");
        var waiting = await world.First.StartAsync(world.Ann, second);
        var result = await world.First.ConsentAsync(world.Ann, second, "user2", "org2");
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await world.First.TokenAsync(connection.Grant!.Value);
        world.Scripted.Kill("user1");
        world.Clock.Advance(TimeSpan.FromMinutes(40));
        await world.First.TokenAsync(connection.Grant!.Value);
        await world.First.DisconnectAsync(world.Ann, client);

        var secrets = world.Scripted.Secrets.Concat([state.Split('.')[1], waiting.Split('.')[1], result.Split('.')[1]]).ToList();
        var written = await TablesAsync(world) + string.Join('\n', world.Logs);

        secrets.Count.ShouldBeGreaterThan(8);
        written.Length.ShouldBeGreaterThan(1000);
        foreach (var form in secrets.SelectMany(Forms))
            written.ShouldNotContain(form);
        // The search itself is able to find: a thing that is written, in each place.
        written.ShouldContain("Name of org1");
        world.Logs.ShouldContain(line => line.Contains("is proven dead", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Forms(string secret) =>
        [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')[..^2]];

    private static async Task<string> TablesAsync(World world)
    {
        var all = new StringBuilder();
        var service = new TableServiceClient(world.ConnectionString);
        await foreach (var table in service.QueryAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            if (!table.Name.StartsWith(world.TablePrefix, StringComparison.Ordinal))
                continue;
            await foreach (var row in service.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: TestContext.Current.CancellationToken))
                all.AppendJoin(' ', row.Select(property => $"{property.Key}={property.Value}")).AppendLine();
        }
        return all.ToString();
    }
}
