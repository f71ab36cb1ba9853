using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Books generated from a spec, with edits laid over them.</summary>
public sealed class CompanyBooks(BooksSpec spec, Guid? organisationId = null) : IBooks
{
    public BooksSpec Spec => spec;

    public Guid OrganisationId { get; } = organisationId ?? Guid.Empty;

    public long Version => throw new NotImplementedException();

    public IReadOnlyList<BooksEdit> Journal => throw new NotImplementedException();

    public IReadOnlyList<PlantedFault> Planted => throw new NotImplementedException();

    public BooksPage Query(string collection, BooksQuery query) => throw new NotImplementedException();

    public BookRecord? Find(string collection, Guid id) => throw new NotImplementedException();

    public JsonObject? Report(string name, IReadOnlyDictionary<string, string> parameters) => throw new NotImplementedException();

    public EditDone Apply(BooksEdit edit) => throw new NotImplementedException();

    public IReadOnlyList<EditDone> ApplyRandom(ulong seed, int count, EditMix mix, DateTime atUtc) => throw new NotImplementedException();

    public CollectionTruth Truth(string collection, TruthOptions options) => throw new NotImplementedException();

    public IEnumerable<CanonicalRecord> CanonicalRecords(string collection, TruthOptions options) => throw new NotImplementedException();
}
