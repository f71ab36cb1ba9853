using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>A planted fault with the ids of entities; see <see cref="PlantedFault"/>.</summary>
public sealed record PlantedEntityFault(string Kind, IReadOnlyList<EntityRef> Records, string Note, decimal? Amount, string? Subject);

public sealed partial class RealmBooks
{
    // What QuickBooks' books do not tell: no drafts, defaults, register of assets, pay or bank details, and one closing date.
    private static readonly HashSet<string> NotHere = new(StringComparer.Ordinal)
    {
        "contact-defaults", "draft-documents", "fixed-assets", "net-wages", "paye", "pensions", "supplier-bank-details",
    };

    private List<PlantedEntityFault> Shown(IReadOnlyList<PlantedFault> planted) => Read(book => planted
        .Where(fault => !NotHere.Contains(fault.Kind) && !fault.IsOfXero)
        .Select(fault => new PlantedEntityFault(fault.Kind, [.. fault.Records.Select(record => Shown(book, record)).OfType<EntityRef>()], fault.Note, fault.Amount, fault.Subject)).ToList());

    /// <summary>What a record was as generated: edits since then do not change what was planted.</summary>
    private EntityRef? Shown(EntityBook book, RecordRef record)
    {
        if (_books.SlotOf(record.Collection, record.Id) is not { } slot)
            return null;
        var source = record.Collection switch
        {
            BookCollections.Overpayments => new EntitySource(BookCollections.BankTransactions, slot),
            BookCollections.Prepayments => new EntitySource(BookCollections.BankTransactions, _books.OverpaymentsGenerated + slot),
            _ => new EntitySource(record.Collection, slot),
        };
        var (entity, id) = book.Of(source);
        return entity is null ? null : new EntityRef(entity, EntityBook.Text(id));
    }
}
