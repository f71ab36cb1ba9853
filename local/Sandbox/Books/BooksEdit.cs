namespace DataHealth.Local.Sandbox.Books;

/// <summary>One change to the books, as asked for and as kept in the journal.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Collection">One of <see cref="BookCollections"/>.</param>
/// <param name="Id">The record; null for <see cref="EditKind.Create"/>.</param>
/// <param name="AtUtc">The moment of the change, which becomes the record's UpdatedDateUTC except for silent changes.</param>
/// <param name="Salt">What the change's free choices derive from.</param>
/// <param name="Set">Fields to set for Edit and Silent (Reference, DueDate, Description, UnitAmount, Name, EmailAddress, IsReconciled…), in invariant text;
/// for Merge <c>into</c>, for Pay <c>amount</c>. Null lets the salt choose.</param>
public sealed record BooksEdit(
    EditKind Kind, string Collection, Guid? Id, DateTime AtUtc, ulong Salt = 0, IReadOnlyDictionary<string, string>? Set = null);

public enum EditKind
{
    Create,
    Edit,

    /// <summary>Approved documents: status VOIDED.</summary>
    Void,

    /// <summary>A tombstone: status DELETED.</summary>
    Delete,

    /// <summary>The record is gone without a trace.</summary>
    Vanish,

    /// <summary>Accounts, contacts.</summary>
    Archive,
    Restore,

    /// <summary>A contact into another: archived with MergedToContactID.</summary>
    Merge,

    /// <summary>Pays an invoice, wholly or in part: makes a payment and moves the invoice.</summary>
    Pay,

    /// <summary>A change that does not move UpdatedDateUTC (facts 2.4): contact flags, due date of a partly paid document, IsReconciled.</summary>
    Silent,
}

public sealed record RecordRef(string Collection, Guid Id);

/// <summary>What an edit did: its subject, and every record whose content moved with it (the subject included).</summary>
public sealed record EditDone(BooksEdit Edit, Guid Id, IReadOnlyList<RecordRef> Touched);

/// <summary>Weights of the kinds in a random run; 0 leaves a kind out.</summary>
public sealed record EditMix
{
    public static EditMix Default { get; } = new();

    public int Create { get; init; } = 20;
    public int Edit { get; init; } = 40;
    public int Void { get; init; } = 10;
    public int Delete { get; init; } = 10;
    public int Vanish { get; init; }
    public int Archive { get; init; } = 5;
    public int Merge { get; init; } = 2;
    public int Pay { get; init; } = 13;
    public int Silent { get; init; }
}
