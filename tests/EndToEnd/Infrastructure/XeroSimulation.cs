using System.Text.Json;
using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>Xero's sandbox.</summary>
public sealed class XeroSimulation(SandboxServer server) : ISimulation
{
    /// <summary>The sandbox itself.</summary>
    public SandboxServer Server { get; } = server;

    /// <inheritdoc />
    public Uri BaseAddress => Server.BaseAddress;

    /// <inheritdoc />
    public CallLog Calls => Server.Calls;

    /// <inheritdoc />
    public SandboxClock Clock => Server.World.Clock;

    /// <inheritdoc />
    public int Edits(Company company) => Books(company).Journal.Count;

    /// <inheritdoc />
    public IReadOnlyList<EditKind> EditAtRandom(Company company, ulong seed, int count, EditMix mix) =>
        [.. Server.Library.ApplyRandom(Organisation(company), seed, count, mix, Clock.UtcNowToMillisecond).Select(done => done.Edit.Kind)];

    /// <inheritdoc />
    public IEnumerable<string> Records(Company company, string collection, bool withoutSilent) =>
        Books(company).CanonicalRecords(collection, new TruthOptions { WithoutSilentFields = withoutSilent }).Select(record => record.Json);

    /// <inheritdoc />
    public string Canonical(string collection, JsonElement record, bool withoutSilent) => CanonicalJson.Of(record, withoutSilent ? CompanyBooks.SilentFields(collection) : null);

    /// <inheritdoc />
    public bool IsDeleted(JsonElement record) => record.TryGetProperty("Status", out var status) && status.GetString() == "DELETED";

    /// <inheritdoc />
    public string Report(Company company, string name, IReadOnlyDictionary<string, string> parameters) => CanonicalJson.Of(Books(company).Report(name, parameters)!.ToJsonString());

    /// <inheritdoc />
    public string CanonicalReport(JsonElement report) => CanonicalJson.Of(report);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>The truth of one collection.</summary>
    public CollectionTruth Truth(Company company, string collection) => Books(company).Truth(collection, TruthOptions.Default);

    private IBooks Books(Company company) => Server.Library.Open(Organisation(company));

    private Organisation Organisation(Company company) => Server.World.Read(world => world.Organisations[Guid.Parse(company.TenantId)]);
}
