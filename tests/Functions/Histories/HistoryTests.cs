using DataHealth.Functions.Activities;
using DataHealth.Functions.Orchestrations;
using Microsoft.DurableTask;

namespace DataHealth.Functions.Tests.Histories;

/// <summary>
/// A run may sleep for a day, a deletion for a week, and a deploy comes in between (docs/decisions/0904). To record a new shape, and to keep the old one: run these tests with
/// DATAHEALTH_RECORD_HISTORIES=1 (<c>npm run histories</c>), and commit the new files.
/// </summary>
public sealed class HistoryTests
{
    private const string Record = "DATAHEALTH_RECORD_HISTORIES";

    public static TheoryData<string> Recorded => [.. RecordedHistory.Files];

    public static TheoryData<string> Scenarios => [.. Histories.Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_history_of_each_shape_that_ever_ran_goes_on_with_the_code_of_today(string file) =>
        new HistoryReplay(new OrchestratorsOfToday()).Problems(RecordedHistory.Read(file)).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_shape_of_today_is_recorded(string name)
    {
        var run = new HistoryRecorder(new OrchestratorsOfToday(), Histories.Scenarios.All.Single(scenario => scenario.Name == name)).Run();
        var newest = RecordedHistory.Newest(name);
        var isNew = newest is null || RecordedHistory.Read(newest).ToJson() != run.ToJson();
        if (isNew && Environment.GetEnvironmentVariable(Record) == "1")
        {
            newest = run.Save();
            isNew = false;
        }

        isNew.ShouldBeFalse($"'{name}' takes another shape than {newest ?? "any that is recorded"}: see that the older ones still replay, then record it with {Record}=1.");
        run.Generations[^1].Status.ShouldBe("Completed", "a scenario shows how an orchestration goes, not how it breaks");
    }

    [Fact]
    public void Every_orchestration_is_recorded() =>
        RecordedHistory.Files.Select(file => RecordedHistory.Read(file).Orchestration).Distinct().ShouldBe(new OrchestratorsOfToday().Orchestrations, ignoreOrder: true);

    [Fact]
    public void An_orchestrator_that_does_something_else_first_is_found() => Problems("sync-pause", nameof(SyncRun), async context =>
    {
        await context.CallActivityAsync("AnnounceSync");
        await SyncRun.RunAsync(context);
    }).ShouldContain(problem => problem.Contains("not deterministic", StringComparison.Ordinal) && problem.Contains("AnnounceSync", StringComparison.Ordinal));

    [Fact]
    public void An_orchestrator_that_asks_for_one_thing_more_at_its_end_is_found() => Problems("recalculation", nameof(Recalculation), async context =>
    {
        await Recalculation.RunAsync(context);
        await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
    }).ShouldContain(problem => problem.Contains("not deterministic", StringComparison.Ordinal) || problem.Contains("would now be Running", StringComparison.Ordinal));

    [Fact]
    public void An_orchestrator_that_waits_before_it_works_instead_of_after_is_found() => Problems("bulk-replay", nameof(BulkReplay), async context =>
    {
        var input = context.GetInput<BulkReplayRunInput>()!;
        await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
        await context.CallActivityAsync<int>(nameof(SupportActivities.ReplayNext), new ReplayNextInput(input.BatchId, 1));
    }).ShouldContain(problem => problem.Contains("not deterministic", StringComparison.Ordinal));

    [Fact]
    public void An_orchestrator_that_goes_on_with_less_than_it_knew_is_found() => Problems("client-erasure", nameof(ClientErasure), async context =>
    {
        var input = context.GetInput<ErasureInput>()!;
        await context.CallActivityAsync<ClientStopState>(nameof(DeletionActivities.StopClient), new StopInput(input.DeletionId, false));
        context.ContinueAsNew(new { input.DeletionId });
    }).ShouldNotBeEmpty();

    [Fact]
    public void An_activity_whose_input_or_answer_lost_a_field_is_found()
    {
        var replay = new HistoryReplay(new OrchestratorsOfToday());

        replay.Problem("ReadSlice", """{"ClientId":"c","RunId":"r","Dataset":"invoices"}""", typeof(RunReference)).ShouldNotBeNull();
        replay.Problem("PlanSync", """{"State":"Ready","Datasets":[],"SideBySide":1,"RetryDelayOfBefore":"00:00:30"}""", new OrchestratorsOfToday().AnswerOf("PlanSync")!).ShouldNotBeNull();
    }

    private static List<string> Problems(string scenario, string orchestration, Func<TaskOrchestrationContext, Task> broken) =>
        [.. new HistoryReplay(new OrchestratorsOfToday().With(orchestration, broken)).Problems(RecordedHistory.Read(RecordedHistory.Newest(scenario)!))];
}
