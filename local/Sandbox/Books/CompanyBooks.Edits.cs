namespace DataHealth.Local.Sandbox.Books;

public sealed partial class CompanyBooks
{
    public EditDone Apply(BooksEdit edit)
    {
        lock (_gate)
        {
            var touched = new List<RecordRef>();
            var shelf = On(edit.Collection);
            var at = DateTime.SpecifyKind(edit.AtUtc, DateTimeKind.Utc);
            if (edit.Kind == EditKind.Create)
            {
                var made = Make(shelf, edit, at);
                Add(shelf, made, touched);
                _journal.Add(edit with { AtUtc = at });
                return new EditDone(edit, made.Id, touched);
            }

            var id = edit.Id ?? throw new InvalidOperationException($"{edit.Kind} needs the id of a record.");
            var slot = shelf.Find(id) ?? throw new InvalidOperationException($"There is no record {id} in {shelf.Name}.");
            var old = shelf.Get(slot);
            switch (edit.Kind)
            {
                case EditKind.Vanish:
                    Vanish(shelf, slot, old, touched);
                    break;
                case EditKind.Pay:
                    Pay(slot, old, at, edit, touched);
                    break;
                case EditKind.Void or EditKind.Delete when old is Payment payment:
                    DeletePayment(slot, payment, at, touched);
                    break;
                default:
                    Put(shelf, slot, old, Changed(shelf, old, edit, at), touched);
                    break;
            }

            _journal.Add(edit with { AtUtc = at });
            return new EditDone(edit, id, touched);
        }
    }

    private BookRecord Make(Shelf shelf, BooksEdit edit, DateTime at) => shelf.Name switch
    {
        BookCollections.Invoices => _company.Invoice(shelf.Slots, DateOnly.FromDateTime(at), at, Wish.Of(edit)),
        BookCollections.Contacts => Moved(_company.Contact(shelf.Slots), at),
        BookCollections.BankTransactions => _generated.NewBankTransaction(shelf.Slots, at, Wish.Of(edit)),
        BookCollections.ManualJournals => _company.ManualJournal(shelf.Slots, DateOnly.FromDateTime(at), at),
        BookCollections.Items => _company.Item(shelf.Slots, at),
        _ => throw new InvalidOperationException($"No record of {shelf.Name} can be made by an edit."),
    };

    private static BookRecord Changed(Shelf shelf, BookRecord old, BooksEdit edit, DateTime at)
    {
        var refused = new InvalidOperationException($"{edit.Kind} does not apply to {shelf.Name} {old.Id} with status '{old.Status}'.");
        return edit.Kind switch
        {
            EditKind.Void => RecordStates.Voided(old, at) ?? throw refused,
            EditKind.Delete => RecordStates.Deleted(old, at) ?? throw refused,
            EditKind.Edit => RecordFields.Set(old, edit, at) ?? throw refused,
            EditKind.Silent => RecordFields.Set(old, edit, null) ?? throw refused,
            EditKind.Archive => RecordStates.Archived(shelf.Name, old, at, true) ?? throw refused,
            EditKind.Restore => RecordStates.Archived(shelf.Name, old, at, false) ?? throw refused,
            EditKind.Merge => Merged(shelf, old, edit, at) ?? throw refused,
            _ => throw refused,
        };
    }

    private static BagRecord? Merged(Shelf shelf, BookRecord old, BooksEdit edit, DateTime at)
    {
        if (shelf.Name != BookCollections.Contacts || old.Status != "ACTIVE" || edit.Set?.GetValueOrDefault("into") is not { } text
            || !Guid.TryParse(text, out var into) || into == old.Id || shelf.Find(into) is null)
        {
            return null;
        }

        var contact = (BagRecord)old;
        return Moved(contact with { Fields = contact.Fields.With("ContactStatus", "ARCHIVED").With("MergedToContactID", into) }, at);
    }

    internal static BagRecord Moved(BagRecord record, DateTime? at)
    {
        if (at is not { } moment)
            return record;
        var fields = record.Fields["UpdatedDateUTC"] is null ? record.Fields : record.Fields.With("UpdatedDateUTC", moment);
        return record with { UpdatedUtc = fields["CreatedDateUTC"] is null ? moment : record.UpdatedUtc, Fields = fields };
    }

    private void Pay(int slot, BookRecord old, DateTime at, BooksEdit edit, List<RecordRef> touched)
    {
        var invoices = On(BookCollections.Invoices);
        if (old is not Document { Kind: DocumentKind.Invoice, State: "AUTHORISED", AmountDue: > 0 } invoice)
            throw new InvalidOperationException($"Only an approved invoice with something due can be paid; {old.Id} has status '{old.Status}'.");
        var amount = edit.Set?.GetValueOrDefault("amount") is { } text
            ? decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : invoice.AmountDue;
        if (amount <= 0 || amount > invoice.AmountDue || amount != Company.Round(amount))
            throw new InvalidOperationException($"{amount} cannot be paid on {old.Id}: {invoice.AmountDue} is due.");
        var payments = On(BookCollections.Payments);
        var part = _company.NewPart(payments.Slots, DateOnly.FromDateTime(at), amount, invoice.Currency);
        Put(invoices, slot, invoice, (invoice with { Payments = [.. invoice.Payments, part], UpdatedUtc = at }).Settled(), touched);
        Add(payments, Generated.Payment(_company, invoice, part, at, ""), touched);
    }

    private void DeletePayment(int slot, Payment payment, DateTime at, List<RecordRef> touched)
    {
        if (payment.State == "DELETED" || payment.Part.Batch is not null)
            throw new InvalidOperationException($"Payment {payment.Id} is deleted already or part of a batch.");
        Put(On(BookCollections.Payments), slot, payment, payment with { State = "DELETED", UpdatedUtc = at }, touched);
        var invoices = On(BookCollections.Invoices);
        if (invoices.Find(payment.InvoiceId) is not { } at2 || invoices.Get(at2) is not Document invoice)
            return;
        var left = invoice.Payments.Where(p => p.Id != payment.Id).ToList();
        Put(invoices, at2, invoice, (invoice with { Payments = left, UpdatedUtc = at }).Settled(), touched);
    }

    private void Vanish(Shelf shelf, int slot, BookRecord old, List<RecordRef> touched)
    {
        // What others refer to cannot go without leaving them in disorder.
        if (old is Document { Payments.Count: > 0 } or Document { Allocations.Count: > 0 } or Document { Brought: not null } or Payment
            || shelf.Name is not (BookCollections.Invoices or BookCollections.BankTransactions or BookCollections.ManualJournals or BookCollections.Items
                or BookCollections.BankTransfers or BookCollections.CreditNotes))
        {
            throw new InvalidOperationException($"{shelf.Name} {old.Id} cannot vanish: other records refer to it.");
        }

        Account(old, -1);
        shelf.Remove(slot);
        touched.Add(new RecordRef(shelf.Name, old.Id));
    }

    private void Put(Shelf shelf, int slot, BookRecord old, BookRecord changed, List<RecordRef> touched)
    {
        Account(old, -1);
        Account(changed, 1);
        shelf.Replace(slot, changed);
        touched.Add(new RecordRef(shelf.Name, old.Id));
    }

    private void Add(Shelf shelf, BookRecord record, List<RecordRef> touched)
    {
        Account(record, 1);
        shelf.Add(record);
        touched.Add(new RecordRef(shelf.Name, record.Id));
    }

    private void Account(BookRecord record, int sign)
    {
        if (record is Document document)
            _balances.Count(document, sign);
        _ledger?.Post(record, sign);
    }
}
