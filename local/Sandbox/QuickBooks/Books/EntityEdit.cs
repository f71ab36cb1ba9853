using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>One change to a company, as asked for and as kept in the journal.</summary>
/// <param name="Kind">What to do. Archive makes inactive, Restore active again; Silent sets the cleared state, which moves no LastUpdatedTime; Vanish deletes without a trace.</param>
/// <param name="Collection">An entity: Invoice, Customer…</param>
/// <param name="Id">The entity's id; null for Create.</param>
/// <param name="AtUtc">The moment of the change, its LastUpdatedTime.</param>
/// <param name="Salt">What the change's free choices derive from.</param>
/// <param name="Set">Fields as Intuit spells them (PrivateNote, DueDate, UnitPrice, Description, DisplayName, BookCloseDate…); for Merge <c>into</c>, for Pay <c>amount</c>.</param>
public sealed record EntityEdit(EditKind Kind, string Collection, string? Id, DateTime AtUtc, ulong Salt = 0, IReadOnlyDictionary<string, string>? Set = null);

public sealed record EntityRef(string Collection, string Id);

/// <summary>What an edit did to one entity; the operation as webhooks name it. DeletedId, of a merge, is the one that is no more.</summary>
public sealed record EntityChange(string Entity, string Id, EntityOperation Operation, DateTime AtUtc, string? DeletedId = null);

public enum EntityOperation { Create, Update, Delete, Void, Merge }

/// <summary>What an edit did: its subject, and every entity whose content moved with it.</summary>
public sealed record EntityEditDone(EntityEdit Edit, string? Id, IReadOnlyList<EntityRef> Touched, IReadOnlyList<EntityChange> Changes);

/// <summary>One canonical entity.</summary>
public sealed record CanonicalEntity(string Id, string Json);
