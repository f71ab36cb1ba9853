using System.Text.Json;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.Functions.Tests.QuickBooks;

/// <summary>What goes wrong at Intuit's side with a company, a person or a subscription: each in its own state and words, with its own way out (issue 5), and nothing copied is lost.</summary>
public sealed class QuickBooksRefusalTests(AzuriteFixture azurite)
{
    private const string Name = "Rowan Ltd";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SubscriptionAnswer.Code6190)]
    [InlineData(SubscriptionAnswer.Forbidden3100)]
    public async Task A_subscription_that_has_lapsed_is_no_lost_access_where_Intuit_says_so_and_mends_itself_when_it_is_renewed(SubscriptionAnswer answer)
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite, new QuickBooksSwitches { SubscriptionEnded = answer });
        var realm = await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);
        var held = await stage.Practice.HeldAsync(client, Cancelled);
        await stage.ControlAsync(HttpMethod.Patch, $"organisations/{realm}", new { subscriptionEnded = true });

        var run = await stage.SyncAsync(client);

        (await stage.Practice.HeldAsync(client, Cancelled)).ShouldBe(held, ignoreOrder: true);
        if (answer == SubscriptionAnswer.Forbidden3100)
        {
            // All that Intuit says then is that the company is not ours to read: the words name what it may be.
            ShouldSay(run, "connectionLost", "organisation-removed", reconnectMends: true);
            (await StateAsync(stage, client)).State.ShouldBe("reconnectNeeded");
            return;
        }

        ShouldSay(run, "failed", "subscription-lapsed", reconnectMends: false);
        (await StateAsync(stage, client)).State.ShouldBe("connected");
        await stage.ControlAsync(HttpMethod.Patch, $"organisations/{realm}", new { subscriptionEnded = false });
        PracticeDriver.Text(await stage.SyncAsync(client), "outcome").ShouldBe("succeeded");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task A_person_who_lost_the_right_inside_the_company_is_named_as_the_cause_and_no_reconnect_is_asked_for(int status)
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite, new QuickBooksSwitches { NoRightStatus = status });
        var realm = await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);
        await stage.ControlAsync(HttpMethod.Delete, $"organisations/{realm}/members/{DefaultWorld.Ada}");

        ShouldSay(await stage.SyncAsync(client), "failed", "user-right-missing", reconnectMends: false);

        (await StateAsync(stage, client)).State.ShouldBe("connected");
        await stage.ControlAsync(HttpMethod.Put, $"organisations/{realm}/members/{DefaultWorld.Ada}");
        PracticeDriver.Text(await stage.SyncAsync(client), "outcome").ShouldBe("succeeded");
    }

    [Fact]
    public async Task A_company_that_was_closed_asks_for_a_reconnect_and_says_what_it_may_be()
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite);
        var realm = await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);
        await stage.ControlAsync(HttpMethod.Patch, $"organisations/{realm}", new { closed = true });

        ShouldSay(await stage.SyncAsync(client), "connectionLost", "organisation-removed", reconnectMends: true);

        var (state, words) = await StateAsync(stage, client);
        state.ShouldBe("reconnectNeeded");
        words.ShouldContain("closed");
        (await stage.Practice.HeldAsync(client, Cancelled))["customers"].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_company_that_disconnected_our_app_inside_QuickBooks_asks_for_a_reconnect_and_goes_on_after_it(int status)
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite, new QuickBooksSwitches { DisconnectedStatus = status });
        var realm = await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);
        await stage.ControlAsync(HttpMethod.Delete, $"organisations/{realm}/connections");

        var run = await stage.SyncAsync(client);

        // Either way the refresh is refused as well, which is the proof.
        PracticeDriver.Text(run, "outcome").ShouldBe("connectionLost", run.GetRawText());
        PracticeDriver.Text(run.GetProperty("error"), "code").ShouldBe("reconnect-needed", run.GetRawText());
        (await StateAsync(stage, client)).State.ShouldBe("reconnectNeeded");
        await stage.Practice.ConnectAsync(client, "Ben Okafor", Name, Cancelled);
        PracticeDriver.Text(await stage.SyncAsync(client), "outcome").ShouldBe("succeeded");
    }

    [Theory]
    [InlineData(RefusalParameter.AccessDenied)]
    [InlineData(RefusalParameter.NoParameter)]
    public async Task Who_is_no_admin_is_turned_away_by_Intuit_and_coming_back_without_a_consent_connects_nothing(RefusalParameter parameter)
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite, new QuickBooksSwitches { Refusal = parameter });
        var realm = await stage.CompanyAsync(Name);
        await stage.ControlAsync(HttpMethod.Patch, $"organisations/{realm}", new { members = new[] { DefaultWorld.Ada }, users = new[] { DefaultWorld.Cleo } });
        var client = await stage.Practice.AddClientAsync(Name, Cancelled);
        var page = await stage.Practice.PressConnectAsync(client, Cancelled);

        (await Should.ThrowAsync<InvalidOperationException>(() => PracticeDriver.AllowAsync(page, "Cleo Marsh", Name, Cancelled))).Message.ShouldContain("admin");
        var back = await PracticeDriver.CancelAsync(page, Cancelled);
        using var answer = await stage.Application.Api.GetAsync(back, Cancelled);

        ((int)answer.StatusCode).ShouldBeLessThan(500);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("cancelled");
        (await StateAsync(stage, client)).State.ShouldBe("notConnected");
        await stage.Practice.ConnectAsync(client, "Ada Birch", Name, Cancelled);
        (await StateAsync(stage, client)).State.ShouldBe("connected");
    }

    [Fact]
    public async Task The_hard_end_of_a_consent_is_known_from_the_start_told_in_time_and_moved_by_a_reconnect()
    {
        await using var stage = await QuickBooksStage.StartAsync(azurite, new QuickBooksSwitches { HardEndDays = 20 });
        await stage.CompanyAsync(Name);
        var client = await stage.ConnectedAsync(Name);

        var connection = await stage.Practice.ConnectionAsync(client, Cancelled);
        connection.GetProperty("accessEndsAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow.AddDays(20), TimeSpan.FromHours(1));
        PracticeDriver.Text(connection, "words").ShouldContain("press Reconnect before");
        await Eventually.TrueAsync("the practice has its notice", async () => await NoticesAsync(stage) == 1, TimeSpan.FromMinutes(8), Cancelled);
        (await StandingAsync(stage)).ShouldBe("expiring");

        // The reconnect, in time: five years again.
        await stage.ControlAsync(HttpMethod.Patch, "switches", new { hardEndDays = 1825 });
        await stage.Practice.ConnectAsync(client, "Ada Birch", Name, Cancelled);
        connection = await stage.Practice.ConnectionAsync(client, Cancelled);
        connection.GetProperty("accessEndsAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow.AddDays(1825), TimeSpan.FromHours(1));
        PracticeDriver.Text(connection, "words").ShouldNotContain("Reconnect");
        await Eventually.TrueAsync("the notice is gone", async () => await NoticesAsync(stage) == 0, TimeSpan.FromMinutes(8), Cancelled);

        // And what happens to those who did not.
        await stage.ControlAsync(HttpMethod.Post, "clock", new { advanceSeconds = 1826 * 86400 });
        ShouldSay(await stage.SyncAsync(client), "connectionLost", "reconnect-needed", reconnectMends: true);
        (await StateAsync(stage, client)).State.ShouldBe("reconnectNeeded");
    }

    private static async Task<int> NoticesAsync(QuickBooksStage stage) =>
        (await stage.Practice.GetAsync("notices?kind=accessExpiring", Cancelled)).GetProperty("items").GetArrayLength();

    private static async Task<string> StandingAsync(QuickBooksStage stage) =>
        PracticeDriver.Text((await stage.Practice.GetAsync("connections", Cancelled)).GetProperty("items").EnumerateArray().Single(), "standing");

    private static async Task<(string State, string Words)> StateAsync(QuickBooksStage stage, string client)
    {
        var connection = await stage.Practice.ConnectionAsync(client, Cancelled);
        return (PracticeDriver.Text(connection, "state"), PracticeDriver.Text(connection, "words"));
    }

    private static void ShouldSay(JsonElement run, string outcome, string code, bool reconnectMends)
    {
        PracticeDriver.Text(run, "outcome").ShouldBe(outcome, run.GetRawText());
        var error = run.GetProperty("error");
        PracticeDriver.Text(error, "code").ShouldBe(code);
        PracticeDriver.Text(error, "title").ShouldContain("QuickBooks Online");
        PracticeDriver.Text(error, "detail").ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("reconnectMends").GetBoolean().ShouldBe(reconnectMends);
    }
}
