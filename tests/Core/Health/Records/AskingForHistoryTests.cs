using DataHealth.Core.Audit;
using DataHealth.Core.Health.History;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using static DataHealth.Core.Tests.Health.SmallBooks;

namespace DataHealth.Core.Tests.Health.Records;

/// <summary>What becomes of people who ask for history to be recomputed, beside each other and beside what is at work.</summary>
public sealed class AskingForHistoryTests(AzuriteFixture azurite)
{
    private static readonly DateOnly[] Months = [new(2026, 1, 31), new(2026, 2, 28), new(2026, 3, 31)];

    [Fact]
    public async Task A_request_whose_wish_was_taken_for_done_before_it_was_written_has_one_all_the_same()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var (request, wishes) = (stage.Process.Get<RequestRecomputation>(), stage.Process.Get<HealthWishes>());
        // What the activity does that was at work for an earlier one.
        request.Wished = async () =>
        {
            var wish = (await wishes.FindAsync(stage.Client, HealthWishKind.History, Running.Cancellation)).ShouldNotBeNull();
            (await stage.Process.Get<RecomputeHistory>().NextAsync(stage.Client, Running.Cancellation)).ShouldBe(RecomputationStep.Over, "nothing is open yet");
            await wishes.FulfilAsync(wish, Running.Cancellation);
        };

        var asked = await stage.AskForHistoryAsync(Months);

        var open = (await wishes.FindAsync(stage.Client, HealthWishKind.History, Running.Cancellation)).ShouldNotBeNull();
        // Pressed again before that second look it joins, and ends nothing.
        await wishes.FulfilAsync(open, Running.Cancellation);
        (await stage.AskForHistoryAsync(Months)).Id.ShouldBe(asked.Id);
        (await stage.Process.Get<RecomputationStore>().FindAsync(stage.Client, Running.Cancellation))!.HasFailed.ShouldBeFalse();
        (await stage.Process.Get<AuditTrail>().ReadAsync(stage.World.Ann.Practice, stage.Client, Running.Cancellation).ToListAsync(Running.Cancellation))
            .Count(entry => entry.Action == AuditAction.HistoryRecomputed).ShouldBe(1, "one was taken in");
    }

    [Fact]
    public async Task A_request_that_was_written_and_not_answered_is_taken_in_and_in_the_audit_once()
    {
        await using var proxy = await StorageProxy.StartAsync(azurite, Running.Cancellation);
        await using var stage = await HealthStage.StartAsync(azurite, proxy.ConnectionString);
        await stage.RecalculateAsync();
        var lost = 0;
        stage.Process.Get<RequestRecomputation>().Wished = () =>
        {
            proxy.Answered = request => Task.FromResult(request is not { IsBatch: true, Table: "health" } || Interlocked.CompareExchange(ref lost, 1, 0) != 0);
            return Task.CompletedTask;
        };

        var asked = await stage.AskForHistoryAsync(Months);

        lost.ShouldBe(1);
        (await stage.Process.Get<RecomputationStore>().FindAsync(stage.Client, Running.Cancellation))!.Id.ShouldBe(asked.Id);
        (await stage.Process.Get<AuditTrail>().ReadAsync(stage.World.Ann.Practice, stage.Client, Running.Cancellation).ToListAsync(Running.Cancellation))
            .Count(entry => entry.Action == AuditAction.HistoryRecomputed).ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_who_ask_at_the_same_moment_one_is_taken_in_and_has_an_entry()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var request = stage.Process.Get<RequestRecomputation>();
        request.Wished = async () =>
        {
            request.Wished = null;
            await stage.AskForHistoryAsync(Months[..1]);
        };

        (await request.ExecuteAsync(stage.World.Ann, stage.Client, Months, Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.AtWork>();

        (await stage.Process.Get<AuditTrail>().ReadAsync(stage.World.Ann.Practice, stage.Client, Running.Cancellation).ToListAsync(Running.Cancellation))
            .Where(entry => entry.Action == AuditAction.HistoryRecomputed).ShouldHaveSingleItem().After.ShouldBe("2026-01");
    }

    [Fact]
    public async Task A_month_is_over_when_it_is_where_the_books_are_kept()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        stage.World.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
        var request = stage.Process.Get<RequestRecomputation>();

        (await request.ExecuteAsync(stage.World.Ann, stage.Client, [new(2026, 11, 30)], Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.NotOver>();
        stage.Records = [Firm with { TimeZone = "Pacific/Kiritimati" }, .. HealthStage.Written().Where(record => record is not Core.Ledger.Organisation)];
        await stage.AskForHistoryAsync([new(2026, 11, 30)]);
    }

    [Fact]
    public async Task One_is_at_work_at_a_time_the_same_again_joins_it_and_a_month_asked_for_later_gets_its_point_anew()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        var request = stage.Process.Get<RequestRecomputation>();
        (await request.ExecuteAsync(stage.World.Ann, stage.Client, Months, Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.NotJudged>();
        await stage.RecalculateAsync();
        var reader = stage.World.Ann with { Permissions = Core.Practices.Permissions.ViewClients | Core.Practices.Permissions.SyncClients };
        await Should.ThrowAsync<UnauthorizedAccessException>(() => request.ExecuteAsync(reader, stage.Client, Months, Running.Cancellation));

        var first = await stage.AskForHistoryAsync(Months);
        (await request.ExecuteAsync(stage.World.Ann, stage.Client, Months, Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.Accepted>().Asked.Id.ShouldBe(first.Id);
        (await request.ExecuteAsync(stage.World.Ann, stage.Client, Months[..1], Running.Cancellation)).ShouldBeOfType<RecomputationOutcome.AtWork>();
        await stage.FinishHistoryAsync();
        var before = await stage.RecomputedAsync();
        stage.World.Clock.Advance(TimeSpan.FromDays(1));
        // The wish of the first is still there, as after a crash between its end and the wish's.
        var second = await stage.AskForHistoryAsync(Months[..1]);
        await stage.FinishHistoryAsync();
        var after = await stage.RecomputedAsync();

        second.Id.ShouldNotBe(first.Id);
        after.Count.ShouldBe(3);
        (after[0].Recomputation, after[1].Recomputation, after[2].Recomputation).ShouldBe((second.Id, first.Id, first.Id));
        after.Skip(1).Select(point => point.Point.Version).ShouldBe(before.Skip(1).Select(point => point.Point.Version));
    }

    [Fact]
    public async Task One_that_nobody_would_carry_out_any_more_stands_in_nobodys_way()
    {
        await using var stage = await HealthStage.StartAsync(azurite);
        await stage.RecalculateAsync();
        var lost = await stage.AskForHistoryAsync(Months);
        // As after a restore: the request came back, the press did not.
        var wishes = stage.Process.Get<HealthWishes>();
        await wishes.FulfilAsync((await wishes.FindAsync(stage.Client, HealthWishKind.History, Running.Cancellation))!, Running.Cancellation);
        stage.World.Clock.Advance(TimeSpan.FromMinutes(5));

        var next = await stage.AskForHistoryAsync(Months[..1]);

        next.Id.ShouldNotBe(lost.Id);
    }
}
