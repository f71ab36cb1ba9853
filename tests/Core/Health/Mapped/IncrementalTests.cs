using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Mapped;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Insights;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Tests.Providers.Suite;
using DataHealth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Health.Mapped;

/// <summary>A recalculation that reads only what changed finds what a whole one finds (issue 6, must show 3), over copies of the simulators' books.</summary>
public sealed class IncrementalTests(AzuriteFixture azurite)
{
    private static readonly string[] Settings =
    [
        """{"duplicate-transactions":"{\"days\":31,\"bankEntries\":true}"}""",
        """{"multi-coded-contacts":"{\"historyMonths\":60,\"isPlain\":true}","contact-defaults":"{\"leastLines\":2}"}""",
        """{"attachments":"{\"from\":0}","paye":"{\"account\":\"825\"}","suspense":"{\"accounts\":[\"400\",\"200\"]}"}""",
        """{"duplicate-contacts":"{\"level\":\"rough\"}","closed-period-changes":"{\"closedTo\":\"2026-06-30\"}"}""",
    ];

    // How much at once: one change too many to be kept beside the bodies, bodies of few records in several transactions, few records or what takes no longer read whole or not.
    private static readonly Gen<MappedLimits> Limits = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 50], Gen.Bool.Select(isSmall => isSmall ? 10_000 : 2_000_000), Gen.Bool,
        (most, records, bytes, looks) => (looks ? MappedStage.Looks : new MappedLimits()) with { MostChanged = most, RecordsInBody = records, BytesInBatch = bytes });

    // A story: edits of all kinds that the providers tell of with a seed each, now and then other settings, another reporting date, a pass that is skipped. What vanishes without a word is found by a
    // full pass of the sync alone, which these stories have not: MappedBooksTests has.
    private static readonly Gen<Step[]> Stories = Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 30], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 4], Limits,
        (seed, edits, settings, months, passes, limits) => new Step(seed, edits, settings, months, passes > 0, limits)).Array[3, 5];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("xero")]
    [InlineData("quickbooks")]
    public async Task An_incremental_recalculation_equals_a_whole_one_after_random_edits(string key)
    {
        await using ProviderUnderTest provider = key == "xero" ? await XeroUnderTest.StartAsync(250) : await QuickBooksUnderTest.StartAsync(new(), 250);
        await using var stage = await SuiteStage.ConnectAsync(provider, azurite);
        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
        var passes = 0;

        await Stories.SampleAsync(
            async story =>
            {
                // Nothing is remembered, and nothing kept, of the story before: another one begins where that one left the books.
                var store = new MappedBooks(stage.Get<AppStorage>(), stage.Get<IOptions<SyncOptions>>(), NullLogger<MappedBooks>.Instance) { Build = Guid.NewGuid().ToString("N") };
                IReadOnlyDictionary<string, string> memory = new Dictionary<string, string>();
                foreach (var step in story)
                {
                    if (step.Edits > 0)
                    {
                        provider.Edit(step.Seed, step.Edits);
                        (await stage.SyncAsync()).Outcome.ShouldBe(RunOutcome.Succeeded);
                    }
                    if (!step.IsJudged)
                        continue;
                    store.Limits = step.Limits;
                    memory = await BothAsync(stage, store, step.Request with { Memory = memory });
                    passes++;
                }
                // The last one has nothing to read but what is kept, and may look up whatever changed since the last that judged.
                store.Limits = MappedStage.Looks;
                (await BothAsync(stage, store, HealthRequest.ForLastMonth(Today) with { Memory = memory }, mayReadWhole: story.All(step => !step.IsJudged))).ShouldNotBeNull();
            },
            iter: 3, threads: 1);

        passes.ShouldBeGreaterThan(3);
    }

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    private static async Task<IReadOnlyDictionary<string, string>> BothAsync(SuiteStage stage, MappedBooks store, HealthRequest request, bool mayReadWhole = true)
    {
        var rows = new LedgerStoreReader(stage.Get<LedgerStore>(), stage.Get<ProviderCatalog>().Get(stage.Provider.Key), stage.Client);
        var full = await new HealthPass().RunAsync(rows, request, InsightSettings.Default, Stop);
        var pass = (await store.BeginAsync(rows, null, Stop))!;
        await pass.OpenAsync(Stop);
        pass.Keep();
        var incremental = await new HealthPass().RunAsync(pass.Books, request, InsightSettings.Default, Stop);
        if (!mayReadWhole)
            pass.ReadWhole.ShouldBeEmpty();
        await pass.SaveAsync(Stop);

        Texts(incremental.Health).ShouldBe(Texts(full.Health));
        incremental.Health.Score(ScoreRecipe.Default, _ => true)!.Exact.ShouldBe(full.Health.Score(ScoreRecipe.Default, _ => true)!.Exact);
        JsonSerializer.Serialize(incremental.Insights).ShouldBe(JsonSerializer.Serialize(full.Insights));
        incremental.Health.Outcomes.Values.OfType<CheckOutcome.Checked>().Count().ShouldBeGreaterThan(15);
        return full.Health.Memory;
    }

    // Findings with ids, fingerprints, evidence and money; measures; what checks remember.
    private static IEnumerable<string> Texts(HealthResult result) => result.Outcomes.Select(outcome => $"{outcome.Key} {Of(outcome.Value)}").Concat(result.Memory.Select(memory => $"{memory.Key} {memory.Value}"));

    private static string Of(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Checked ran => $"{Ordered(JsonSerializer.SerializeToNode(ran.Measure))?.ToJsonString()} {JsonSerializer.Serialize(ran.Findings)}",
        _ => outcome.ToString(),
    };

    // The parts of a measure have no order.
    private static JsonNode? Ordered(JsonNode? node) => node switch
    {
        JsonObject parts => new JsonObject(parts.OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => KeyValuePair.Create(part.Key, Ordered(part.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Ordered)]),
        _ => node?.DeepClone(),
    };

    private sealed record Step(int Seed, int Edits, int Setting, int Months, bool IsJudged, MappedLimits Limits)
    {
        public HealthRequest Request => HealthRequest.ForLastMonth(Today.AddMonths(-Months)) with
        {
            Settings = Setting == 0 ? new Dictionary<string, string>() : JsonSerializer.Deserialize<Dictionary<string, string>>(Settings[Setting - 1])!,
        };
    }
}
