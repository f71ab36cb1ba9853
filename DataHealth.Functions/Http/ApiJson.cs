using System.Text.Json;
using System.Text.Json.Serialization;
using DataHealth.Functions.Http.About;
using DataHealth.Functions.Http.Audit;
using DataHealth.Functions.Http.Clients;
using DataHealth.Functions.Http.Connections;
using DataHealth.Functions.Http.Costs;
using DataHealth.Functions.Http.Data;
using DataHealth.Functions.Http.Deletions;
using DataHealth.Functions.Http.Health;
using DataHealth.Functions.Http.Members;
using DataHealth.Functions.Http.Notices;
using DataHealth.Functions.Http.Sharing;
using DataHealth.Functions.Http.Support;
using DataHealth.Functions.Http.Sync;

namespace DataHealth.Functions.Http;

/// <summary>The one JSON dialect of the API: camelCase names and enums, absent instead of null, and nothing unknown or doubled on the way in.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 32,
    Converters = [typeof(CamelCaseEnums)])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ProviderListBody))]
[JsonSerializable(typeof(ClientInput))]
[JsonSerializable(typeof(ClientBody))]
[JsonSerializable(typeof(ClientListBody))]
[JsonSerializable(typeof(ConnectionListBody))]
[JsonSerializable(typeof(StandingCountsBody))]
[JsonSerializable(typeof(OfferInput))]
[JsonSerializable(typeof(ManyOfferBody))]
[JsonSerializable(typeof(MatchInput))]
[JsonSerializable(typeof(ManyMatchBody))]
[JsonSerializable(typeof(NoticeListBody))]
[JsonSerializable(typeof(PracticeCostsBody))]
[JsonSerializable(typeof(ClientCostsBody))]
[JsonSerializable(typeof(DeletionInput))]
[JsonSerializable(typeof(DeletionBody))]
[JsonSerializable(typeof(DeletionListBody))]
[JsonSerializable(typeof(PracticeDeletionInput))]
[JsonSerializable(typeof(PracticeDeletionBody))]
[JsonSerializable(typeof(ShareInput))]
[JsonSerializable(typeof(ShareBody))]
[JsonSerializable(typeof(ShareListBody))]
[JsonSerializable(typeof(OpenShareInput))]
[JsonSerializable(typeof(Core.Health.Sharing.SharedOverview))]
[JsonSerializable(typeof(Core.Insights.ClientInsights))]
[JsonSerializable(typeof(Core.Insights.InsightSettings))]
[JsonSerializable(typeof(ConnectBody))]
[JsonSerializable(typeof(ConfirmInput))]
[JsonSerializable(typeof(ChooseInput))]
[JsonSerializable(typeof(ConsentBody))]
[JsonSerializable(typeof(ConnectionBody))]
[JsonSerializable(typeof(RunStartedBody))]
[JsonSerializable(typeof(RunBody))]
[JsonSerializable(typeof(RunListBody))]
[JsonSerializable(typeof(ForecastBody))]
[JsonSerializable(typeof(DatasetListBody))]
[JsonSerializable(typeof(RecordListBody))]
[JsonSerializable(typeof(RecordBody))]
[JsonSerializable(typeof(OpenRunListBody))]
[JsonSerializable(typeof(RunDossierBody))]
[JsonSerializable(typeof(ReasonInput))]
[JsonSerializable(typeof(ReplayInput))]
[JsonSerializable(typeof(SkipInput))]
[JsonSerializable(typeof(RunActionBody))]
[JsonSerializable(typeof(BulkReplayInput))]
[JsonSerializable(typeof(BulkReplayBody))]
[JsonSerializable(typeof(MeBody))]
[JsonSerializable(typeof(AcceptInput))]
[JsonSerializable(typeof(InviteInput))]
[JsonSerializable(typeof(InvitationBody))]
[JsonSerializable(typeof(MemberInput))]
[JsonSerializable(typeof(MemberBody))]
[JsonSerializable(typeof(MemberListBody))]
[JsonSerializable(typeof(AccessInput))]
[JsonSerializable(typeof(AccessBody))]
[JsonSerializable(typeof(PracticeInput))]
[JsonSerializable(typeof(PracticeBody))]
[JsonSerializable(typeof(PracticeListBody))]
[JsonSerializable(typeof(NewPracticeInput))]
[JsonSerializable(typeof(NewPracticeBody))]
[JsonSerializable(typeof(SupportAccessInput))]
[JsonSerializable(typeof(SupportAccessBody))]
[JsonSerializable(typeof(AuditEntryBody))]
[JsonSerializable(typeof(AuditListBody))]
[JsonSerializable(typeof(OverviewBody))]
[JsonSerializable(typeof(CheckListBody))]
[JsonSerializable(typeof(CheckDetailBody))]
[JsonSerializable(typeof(CheckSettingsInput))]
[JsonSerializable(typeof(FindingBody))]
[JsonSerializable(typeof(FindingListBody))]
[JsonSerializable(typeof(FindingInput))]
[JsonSerializable(typeof(DismissInput))]
[JsonSerializable(typeof(RestoreInput))]
[JsonSerializable(typeof(NotedBody))]
[JsonSerializable(typeof(RecalculationBody))]
[JsonSerializable(typeof(PreviewInput))]
[JsonSerializable(typeof(HistoryBody))]
[JsonSerializable(typeof(RecomputeInput))]
[JsonSerializable(typeof(RecomputationBody))]
[JsonSerializable(typeof(MovesBody))]
[JsonSerializable(typeof(AttributionBody))]
[JsonSerializable(typeof(PracticeHealthBody))]
[JsonSerializable(typeof(PracticeScoreBody))]
[JsonSerializable(typeof(PracticeScoreInput))]
[JsonSerializable(typeof(ScorePreviewBody))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Enums as camelCase words, never as numbers. A word that is none of them is answered with all that there are (<see cref="RefusedWordException"/>).</summary>
internal sealed class CamelCaseEnums : JsonConverterFactory
{
    private static readonly JsonStringEnumConverter Words = new(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert), Words.CreateConverter(typeToConvert, options))!;

    private sealed class Of<TWord>(JsonConverter<TWord> words) : JsonConverter<TWord>
        where TWord : struct, Enum
    {
        public override TWord Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return words.Read(ref reader, typeToConvert, options);
            }
            catch (JsonException)
            {
                throw new RefusedWordException(Enum.GetNames<TWord>().Select(JsonNamingPolicy.CamelCase.ConvertName));
            }
        }

        public override void Write(Utf8JsonWriter writer, TWord value, JsonSerializerOptions options) => words.Write(writer, value, options);

        public override TWord ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => words.ReadAsPropertyName(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, [System.Diagnostics.CodeAnalysis.DisallowNull] TWord value, JsonSerializerOptions options) => words.WriteAsPropertyName(writer, value, options);
    }
}

/// <summary>A body has a word where only some are known; where it stands, the serializer adds.</summary>
internal sealed class RefusedWordException(IEnumerable<string> allowed) : JsonException($"one of {string.Join(", ", allowed)}");
