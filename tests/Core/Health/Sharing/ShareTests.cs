using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using DataHealth.Core.Audit;
using DataHealth.Core.Clients;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Health.Sharing;
using DataHealth.Core.Practices;
using DataHealth.Core.Storage;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Core.Tests.Health.Records;
using DataHealth.Testing;

namespace DataHealth.Core.Tests.Health.Sharing;

/// <summary>Links that show a client's overview to whoever has them.</summary>
public sealed class ShareTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan TwoWeeks = TimeSpan.FromDays(14);

    [Fact]
    public async Task A_link_shows_the_overview_as_it_stands_until_it_ends()
    {
        await using var stage = await JudgedAsync();
        var shared = await ShareAsync(stage);

        var overview = (await OpenAsync(stage, shared.Code)).ShouldNotBeNull().Overview;
        (overview.Client, overview.Percent, overview.ReportingDate).ShouldBe(("Alder Ltd", (int)Math.Floor(await stage.ScoreAsync() + 0.5m), HealthStage.March.ReportingDate));
        overview.Checks.ShouldNotBeEmpty();
        overview.TopFindings.ShouldNotBeEmpty();
        // What is dismissed afterwards is not shown.
        var first = (await stage.ReadAsync()).Health.Findings.First(kept => kept.Finding.Text == overview.TopFindings[0].Text).Finding.Id;
        await stage.DismissAsync(first);
        (await OpenAsync(stage, shared.Code))!.Overview.OpenFindings.ShouldBe(overview.OpenFindings - 1);

        stage.World.Clock.Advance(TwoWeeks - TimeSpan.FromMinutes(1));
        (await OpenAsync(stage, shared.Code)).ShouldNotBeNull();
        stage.World.Clock.Advance(TimeSpan.FromMinutes(1));
        (await OpenAsync(stage, shared.Code)).ShouldBeNull();
    }

    [Fact]
    public async Task A_link_that_was_taken_back_opens_nothing_at_once_and_the_list_says_so()
    {
        await using var stage = await JudgedAsync();
        var (kept, gone) = (await ShareAsync(stage), await ShareAsync(stage));

        (await stage.Process.Get<RevokeShare>().ExecuteAsync(stage.World.Ann, await ClientAsync(stage), gone.Share.Id, Running.Cancellation)).ShouldBeTrue();
        (await stage.Process.Get<RevokeShare>().ExecuteAsync(stage.World.Ann, await ClientAsync(stage), new ShareId(new string('0', 32)), Running.Cancellation)).ShouldBeFalse();

        (await OpenAsync(stage, gone.Code)).ShouldBeNull();
        (await OpenAsync(stage, kept.Code)).ShouldNotBeNull();
        (await ListAsync(stage)).Select(share => (share.Id, share.RevokedAt is null)).ShouldBe([(gone.Share.Id, false), (kept.Share.Id, true)], ignoreOrder: true);
        var audit = await stage.Process.Get<AuditTrail>().PageAsync(stage.World.Ann.Practice, stage.Client, 10, null, Running.Cancellation);
        audit.Entries.Select(entry => entry.Action).Take(3).ShouldBe([AuditAction.OverviewShareRevoked, AuditAction.OverviewShared, AuditAction.OverviewShared], ignoreOrder: true);
        audit.Entries.ShouldAllBe(entry => entry.After == null || !entry.After.Contains(kept.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_code_only_the_hash_is_kept_and_no_other_code_opens_the_link()
    {
        await using var stage = await JudgedAsync();
        var shared = await ShareAsync(stage);
        var secret = shared.Code.Split('.')[2];

        secret.Length.ShouldBe(43, "256 bits");
        var row = await (await stage.Process.Get<AppStorage>().TableAsync("healthshares", Running.Cancellation)).QueryAsync<TableEntity>(cancellationToken: Running.Cancellation).SingleAsync(Running.Cancellation);
        row.GetString("Hash").ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));
        row.ShouldAllBe(field => field.Value == null || !field.Value.ToString()!.Contains(secret, StringComparison.Ordinal));
        var other = (secret[0] == 'A' ? "B" : "A") + secret[1..];
        foreach (var code in new[] { "", null, "x", shared.Code[..^1], $"{shared.Share.Client}.{shared.Share.Id}.{other}", $"{new string('0', 32)}.{shared.Share.Id}.{secret}", shared.Code + "A", new string('.', 500) })
            (await OpenAsync(stage, code)).ShouldBeNull(code);
    }

    [Fact]
    public async Task A_client_without_an_overview_cannot_be_shared_nor_one_with_twenty_links_and_the_member_must_be_allowed_to_take_data_out()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var client = await ClientAsync(stage);
        (await TryAsync(stage, client)).ShouldBeOfType<ShareOutcome.NoOverview>();
        await stage.RecalculateAsync();
        for (var link = 0; link < OverviewShare.Most; link++)
            (await TryAsync(stage, client)).ShouldBeOfType<ShareOutcome.Done>();

        (await TryAsync(stage, client)).ShouldBeOfType<ShareOutcome.TooMany>();

        var may = stage.World.Ann with { Permissions = Permissions.All & ~Permissions.ExportData };
        await Should.ThrowAsync<UnauthorizedAccessException>(() => stage.Process.Get<ShareOverview>().ExecuteAsync(may, client, TwoWeeks, Running.Cancellation));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => stage.Process.Get<ShareOverview>().ExecuteAsync(stage.World.Ann, client, TimeSpan.FromDays(91), Running.Cancellation));
        // What ended long ago is swept, so that there is room again.
        stage.World.Clock.Advance(TimeSpan.FromDays(60));
        (await TryAsync(stage, client)).ShouldBeOfType<ShareOutcome.Done>();
        (await ListAsync(stage)).Count.ShouldBe(1);
    }

    [Fact]
    public void The_page_names_no_team_member_and_no_bank_details()
    {
        OverviewFinding Finding(string text, string check = "duplicate-contacts") => new("A check", check, Severity.Error, text, 10m, null);
        var report = new OverviewReport
        {
            Client = "Alder Ltd",
            ReportingDate = new(2026, 3, 31),
            Period = Period.MonthOf(new(2026, 3, 31)),
            RulesVersion = 1,
            Coverage = [],
            Checks = [],
            OpenFindings = 5,
            TopFindings =
            [
                Finding("The bank details of Dairy have changed.", "supplier-bank-details"), Finding("Dairy 20-00-00 11112222 and Eggs GB33 BUKB 2020 1555 5555 55 are alike."),
                Finding("The return 2025-10-01 to 2025-12-31: 12,345,678.00 less is owed."), Finding("600.00 of I-01 Late Payers plc of 15 October 2025 is still owed after 167 days."),
            ],
        };

        var shared = SharedOverview.Of(report, DateTimeOffset.UnixEpoch);

        shared.Overview.TopFindings.Select(finding => finding.Text).ShouldBe(
        [
            "Dairy •••• and Eggs •••• are alike.", "The return 2025-10-01 to 2025-12-31: 12,345,678.00 less is owed.", "600.00 of I-01 Late Payers plc of 15 October 2025 is still owed after 167 days.",
        ]);
        // Not by chance: there is no field for it.
        JsonSerializer.Serialize(shared).ShouldNotContain("member", Case.Insensitive);
        typeof(SharedOverview).GetProperties().Concat(typeof(OverviewReport).GetProperties()).Concat(typeof(OverviewFinding).GetProperties()).Concat(typeof(OverviewCheck).GetProperties())
            .Select(property => property.PropertyType).ShouldNotContain(typeof(MemberId));
    }

    [Fact]
    public async Task Promise_6_a_client_whose_deletion_has_begun_is_shown_to_nobody_and_what_is_written_of_it_meanwhile_goes_again()
    {
        await using var stage = await JudgedAsync();
        var shared = await ShareAsync(stage);
        var client = await ClientAsync(stage);
        var settings = stage.Process.Get<SettingStore>();

        await stage.MarkForDeletionAsync();

        // The member had opened the client's page before.
        (await OpenAsync(stage, shared.Code)).ShouldBeNull();
        await TryAsync(stage, client);
        await settings.SaveAsync(stage.Client, "duplicate-contacts", """{"level":"strict"}""");
        (await settings.AllAsync(stage.Client, Running.Cancellation)).ShouldBeEmpty();
        (await stage.Process.Get<ShareStore>().AllAsync(stage.Client, Running.Cancellation).Select(share => share.Id).ToListAsync(Running.Cancellation)).ShouldBe([shared.Share.Id]);
    }

    private async Task<HealthStage> JudgedAsync()
    {
        var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        return stage;
    }

    private static async Task<Client> ClientAsync(HealthStage stage) => (await stage.Process.Get<ClientStore>().FindAsync(stage.World.Ann, stage.Client, Running.Cancellation))!;

    private static Task<ShareOutcome> TryAsync(HealthStage stage, Client client) => stage.Process.Get<ShareOverview>().ExecuteAsync(stage.World.Ann, client, TwoWeeks, Running.Cancellation);

    private static async Task<ShareOutcome.Done> ShareAsync(HealthStage stage) => (await TryAsync(stage, await ClientAsync(stage))).ShouldBeOfType<ShareOutcome.Done>();

    private static Task<SharedOverview?> OpenAsync(HealthStage stage, string? code) => stage.Process.Get<OpenSharedOverview>().ExecuteAsync(code, Running.Cancellation);

    private static async Task<IReadOnlyList<OverviewShare>> ListAsync(HealthStage stage) => await stage.Process.Get<ListShares>().ExecuteAsync(stage.World.Ann, await ClientAsync(stage), Running.Cancellation);
}
