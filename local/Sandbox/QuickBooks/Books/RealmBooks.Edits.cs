using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

public sealed partial class RealmBooks
{
    private static readonly Dictionary<string, string> FieldNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PrivateNote"] = "Reference",
        ["UnitPrice"] = "UnitAmount",
        ["DisplayName"] = "Name",
        ["GivenName"] = "FirstName",
        ["FamilyName"] = "LastName",
        ["PrimaryEmailAddr"] = "EmailAddress",
        ["BookCloseDate"] = "PeriodLockDate",
        ["Cleared"] = "IsReconciled",
        ["AcctNum"] = "AccountNumber",
        ["CompanyName"] = "Name",
    };

    public IReadOnlyList<EntityEdit> Journal => Read(_ => _journal.ToList());

    /// <exception cref="InvalidOperationException">The entity does not exist or its state does not allow the edit; the message says which.</exception>
    public EntityEditDone Apply(EntityEdit edit)
    {
        _lock.EnterWriteLock();
        try
        {
            edit = edit with { AtUtc = DateTime.SpecifyKind(edit.AtUtc, DateTimeKind.Utc) };
            var done = edit.Kind == EditKind.Create ? Create(edit) : Change(edit);
            _journal.Add(edit);
            return done;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    private EntityEditDone Create(EntityEdit edit)
    {
        var (collection, wish) = edit.Collection switch
        {
            EntityNames.Invoice => (BookCollections.Invoices, Wish(true, "AUTHORISED")),
            EntityNames.Bill => (BookCollections.Invoices, Wish(false, "AUTHORISED")),
            EntityNames.Estimate => (BookCollections.Invoices, Wish(true, "DRAFT")),
            EntityNames.PurchaseOrder => (BookCollections.Invoices, Wish(false, "DRAFT")),
            EntityNames.Purchase => (BookCollections.BankTransactions, Wish(false, "AUTHORISED")),
            EntityNames.SalesReceipt => (BookCollections.BankTransactions, Wish(true, "AUTHORISED")),
            EntityNames.JournalEntry => (BookCollections.ManualJournals, null),
            EntityNames.Customer or EntityNames.Vendor => (BookCollections.Contacts, null),
            EntityNames.Item => (BookCollections.Items, null),
            _ => throw new InvalidOperationException($"No {edit.Collection} can be made by an edit."),
        };
        if (collection == BookCollections.Contacts)
            _book.MakeAsVendor(_books.SlotsOf(collection), edit.Collection == EntityNames.Vendor);
        var done = _books.Apply(new BooksEdit(EditKind.Create, collection, null, edit.AtUtc, edit.Salt, wish));
        return Follow(edit, done.Touched);
    }

    private static Dictionary<string, string> Wish(bool sale, string state) => new() { ["sale"] = sale ? "true" : "false", ["state"] = state };

    private EntityEditDone Change(EntityEdit edit)
    {
        var source = SourceOf(edit.Collection, edit.Id);
        var refused = new InvalidOperationException($"{edit.Kind} does not apply to {edit.Collection} {edit.Id}.");
        var collection = source.Collection == EntityNames.Preferences ? BookCollections.Organisation : source.Collection;
        if (collection is EntitySources.Applications or EntitySources.Fixed or EntitySources.LedgerOnly || collection.StartsWith(Rendering.Attachments, StringComparison.Ordinal))
            throw refused;
        var record = _books.At(collection, source.Slot) ?? throw refused;
        if (_book.IsVoided(source) && edit.Kind is not EditKind.Vanish)
            throw refused;
        var beneath = edit.Kind switch
        {
            EditKind.Void when !EntityNames.Voidable.Contains(edit.Collection) => throw refused,
            EditKind.Void when collection is BookCollections.Payments or BookCollections.BankTransactions => EditKind.Delete,
            EditKind.Delete or EditKind.Vanish => Deleting(collection, record),
            EditKind.Silent when collection is not (BookCollections.BankTransactions or BookCollections.Payments) => throw refused,
            var kind => kind,
        };
        if (edit.Kind is EditKind.Delete or EditKind.Vanish && !EntityNames.Transactions.Contains(edit.Collection))
            throw refused;
        var set = edit.Kind switch
        {
            EditKind.Merge => new Dictionary<string, string> { ["into"] = Into(edit).ToString() },
            EditKind.Silent when edit.Set is null => new() { ["IsReconciled"] = "true" },
            EditKind.Void or EditKind.Delete or EditKind.Vanish or EditKind.Archive or EditKind.Restore => null,
            _ => edit.Set?.ToDictionary(pair => FieldBeneath(edit.Collection, pair.Key), pair => pair.Value),
        };
        var done = _books.Apply(new BooksEdit(beneath, collection, record.Id, edit.AtUtc, edit.Salt, set));
        if (edit.Kind == EditKind.Void && beneath == EditKind.Delete)
            _book.MarkVoided(source);
        return Follow(edit, done.Touched);
    }

    /// <summary>The books' own name of a field; the first letter may be small, as clients of the control API tend to write it.</summary>
    private static string FieldBeneath(string entity, string field) =>
        entity == EntityNames.JournalEntry && field.Equals("PrivateNote", StringComparison.OrdinalIgnoreCase) ? "Narration"
        : FieldNames.TryGetValue(field, out var beneath) ? beneath
        : field is "amount" or "into" ? field
        : char.ToUpperInvariant(field[0]) + field[1..];

    private static EditKind Deleting(string collection, BookRecord record) => (collection, record.Status) switch
    {
        (BookCollections.Payments or BookCollections.BankTransfers, _) => EditKind.Delete,
        (BookCollections.BankTransactions, "AUTHORISED") => EditKind.Delete,
        (BookCollections.Invoices, "DRAFT" or "SUBMITTED") => EditKind.Delete,
        _ => EditKind.Vanish,
    };

    private Guid Into(EntityEdit edit)
    {
        var source = SourceOf(edit.Collection, edit.Set?.GetValueOrDefault("into"));
        return _books.IdAt(source.Collection, source.Slot);
    }

    private EntitySource SourceOf(string entity, string? text)
    {
        if (!EntityNames.All.Contains(entity))
            throw new InvalidOperationException($"There is no entity {entity}.");
        if (!long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id)
            || _book.On(entity).Find(id) is not { } place || _book.On(entity).IsGone(place))
        {
            throw new InvalidOperationException($"There is no {entity} {text}.");
        }

        return _book.On(entity).SourceAt(place);
    }

    /// <summary>Brings ids and moments up to what the edit did beneath.</summary>
    private EntityEditDone Follow(EntityEdit edit, IReadOnlyList<RecordRef> touched)
    {
        var changes = new List<EntityChange>();
        foreach (var (collection, id) in touched)
        {
            // A vanished record has no slot any more: it can only be the subject.
            var slot = _books.SlotOf(collection, id) ?? SourceOf(edit.Collection, edit.Id).Slot;
            Refresh(new EntitySource(collection, slot), edit, changes);
            if (collection == BookCollections.CreditNotes)
                Refresh(new EntitySource(EntitySources.Applications, slot), edit, changes);
            if (collection == BookCollections.Organisation)
                Refresh(new EntitySource(EntityNames.Preferences, 0), edit, changes);
        }

        if (edit.Kind == EditKind.Merge)
            changes = [new EntityChange(edit.Collection, edit.Set!["into"], EntityOperation.Merge, edit.AtUtc, edit.Id)];
        var subject = edit.Id ?? changes.Find(change => change.Operation == EntityOperation.Create)?.Id;
        return new EntityEditDone(edit, subject, [.. changes.Select(change => new EntityRef(change.Entity, change.Id)).Distinct()], changes);
    }

    private void Refresh(EntitySource source, EntityEdit edit, List<EntityChange> changes)
    {
        var collection = source.Collection switch { EntitySources.Applications => BookCollections.CreditNotes, EntityNames.Preferences => BookCollections.Organisation, var own => own };
        var record = _books.At(collection, source.Slot);
        var (before, id) = _book.Of(source);
        var now = record is null ? null : source.Collection switch
        {
            EntityNames.Preferences => EntityNames.Preferences,
            BookCollections.Organisation => EntityNames.CompanyInfo,
            _ => EntitySources.Of(source.Collection, record, source.Slot, _company, _book),
        };
        if (before is null)
        {
            if (now is not null && PlaceNew(source, record!, edit.AtUtc) is { } made)
                changes.Add(new EntityChange(made.Entity, EntityBook.Text(made.Id), EntityOperation.Create, edit.AtUtc));
            return;
        }

        if (now is null)
        {
            _book.Bury(before, id, edit.AtUtc, leavesTrace: edit.Kind != EditKind.Vanish);
            _book.Clear(source);
            Detach(source, edit);
            if (edit.Kind != EditKind.Vanish)
                changes.Add(new EntityChange(before, EntityBook.Text(id), EntityOperation.Delete, edit.AtUtc));
            return;
        }

        if (edit.Kind == EditKind.Silent)
            return;
        _book.Bump(before, id);
        _book.On(before).Touch(_book.On(before).Find(id)!.Value, edit.AtUtc, EntitySources.IsActive(record!));
        var isSubject = before == edit.Collection && EntityBook.Text(id) == edit.Id;
        changes.Add(new EntityChange(before, EntityBook.Text(id), edit.Kind == EditKind.Void && isSubject ? EntityOperation.Void : EntityOperation.Update, edit.AtUtc));
        var attached = _book.Of(new EntitySource(Rendering.Attachments + source.Collection, source.Slot)).Entity is not null;
        if (HasAttachments(record!) && !attached && source.Collection != EntitySources.Applications)
            Attach(source, edit.AtUtc);
        else if (!HasAttachments(record!) && attached)
            Detach(source, edit);
    }

    private void Detach(EntitySource owner, EntityEdit edit)
    {
        var source = new EntitySource(Rendering.Attachments + owner.Collection, owner.Slot);
        if (_book.Of(source) is not { Entity: { } entity, Id: var id })
            return;
        _book.Bury(entity, id, edit.AtUtc, leavesTrace: true);
        _book.Clear(source);
    }
}
