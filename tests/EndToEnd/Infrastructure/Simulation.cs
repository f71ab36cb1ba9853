using System.Text.Json;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>A provider's sandbox in this process, as a test sees it that is about no provider. What is not here goes over the control API, whose addresses are the same.</summary>
public interface ISimulation : IAsyncDisposable
{
    /// <summary>Where it answers.</summary>
    Uri BaseAddress { get; }

    /// <summary>Every call that it received.</summary>
    CallLog Calls { get; }

    /// <summary>Its clock.</summary>
    SandboxClock Clock { get; }

    /// <summary>How many edits of a company's books were made.</summary>
    int Edits(Company company);

    /// <summary>Edits, voids, deletes and puts away at random, now; gives the kind of each.</summary>
    IReadOnlyList<EditKind> EditAtRandom(Company company, ulong seed, int count, EditMix mix);

    /// <summary>The books' records of a collection, in the canonical form.</summary>
    IEnumerable<string> Records(Company company, string collection, bool withoutSilent);

    /// <summary>The canonical form of a record of the copy.</summary>
    string Canonical(string collection, JsonElement record, bool withoutSilent);

    /// <summary>True for a record that the books hold as deleted.</summary>
    bool IsDeleted(JsonElement record);

    /// <summary>What a report's call is answered now, in the canonical form.</summary>
    string Report(Company company, string name, IReadOnlyDictionary<string, string> parameters);

    /// <summary>A copied report in the same form.</summary>
    string CanonicalReport(JsonElement report);
}

/// <summary>A company at a provider.</summary>
/// <param name="TenantId">What the provider and its control API call it.</param>
/// <param name="Name">Its name.</param>
public sealed record Company(string TenantId, string Name);
