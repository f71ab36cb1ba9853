using System.Text.Json;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>QuickBooks' sandbox.</summary>
public sealed class QuickBooksSimulation(QuickBooksServer server) : ISimulation
{
    /// <summary>The sandbox itself.</summary>
    public QuickBooksServer Server { get; } = server;

    /// <inheritdoc />
    public Uri BaseAddress => Server.BaseAddress;

    /// <inheritdoc />
    public CallLog Calls => Server.Calls;

    /// <inheritdoc />
    public SandboxClock Clock => Server.Clock;

    /// <inheritdoc />
    public int Edits(Company company) => Books(company).Journal.Count;

    /// <inheritdoc />
    public IReadOnlyList<EditKind> EditAtRandom(Company company, ulong seed, int count, EditMix mix) =>
        [.. Server.Library.ApplyRandom(Realm(company), seed, count, mix, Clock.UtcNowToMillisecond).Select(done => done.Edit.Kind)];

    /// <inheritdoc />
    public IEnumerable<string> Records(Company company, string collection, bool withoutSilent) =>
        Books(company).CanonicalRecords(collection, withoutSilent, defaultList: false).Select(record => record.Json);

    /// <inheritdoc />
    public string Canonical(string collection, JsonElement record, bool withoutSilent) => CanonicalJson.Of(record, withoutSilent ? RealmBooks.SilentFields(collection) : null);

    /// <inheritdoc />
    /// <remarks>What is deleted here is gone.</remarks>
    public bool IsDeleted(JsonElement record) => false;

    /// <inheritdoc />
    public string Report(Company company, string name, IReadOnlyDictionary<string, string> parameters) => CanonicalJson.Of(Server.Report(Realm(company), name, parameters).ToJsonString());

    /// <inheritdoc />
    public string CanonicalReport(JsonElement report)
    {
        var json = JsonNode.Parse(report.GetRawText())!.AsObject();
        json["Header"]!.AsObject().Remove("Time");
        return CanonicalJson.Of(json.ToJsonString());
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private RealmBooks Books(Company company) => Server.Library.Open(Realm(company));

    private RealmCompany Realm(Company company) => Server.World.Company(company.TenantId);
}
