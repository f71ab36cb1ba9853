namespace DataHealth.Local.Sandbox.Books;

/// <summary>Which end of life each kind of record allows; null where its state does not.</summary>
internal static class RecordStates
{
    public static BookRecord? Voided(BookRecord record, DateTime at) => record switch
    {
        Document { State: "AUTHORISED", Payments.Count: 0, Allocations.Count: 0, Brought: null } d when d.Kind is DocumentKind.Invoice or DocumentKind.CreditNote =>
            (d with { State = "VOIDED", UpdatedUtc = at }).Summed(),
        BagRecord { Status: "POSTED" } journal => State(journal, "VOIDED", at),
        _ => null,
    };

    public static BookRecord? Deleted(BookRecord record, DateTime at) => record switch
    {
        Document { Kind: DocumentKind.Invoice or DocumentKind.CreditNote, State: "DRAFT" or "SUBMITTED" } d =>
            (d with { State = "DELETED", UpdatedUtc = at }).Summed(),
        Document { Kind: DocumentKind.BankTransaction, State: "AUTHORISED", Brought: null } d => d with { State = "DELETED", UpdatedUtc = at },
        BagRecord { Status: "DRAFT" } journal when journal.Fields["ManualJournalID"] is not null => State(journal, "DELETED", at),
        BagRecord { Status: "AUTHORISED" } transfer when transfer.Fields["BankTransferID"] is not null => State(transfer, "DELETED", at),
        _ => null,
    };

    public static BookRecord? Archived(string collection, BookRecord record, DateTime at, bool archive)
    {
        var name = collection switch { BookCollections.Contacts => "ContactStatus", BookCollections.Accounts => "Status", _ => null };
        return name is null || record is not BagRecord bag || record.Status != (archive ? "ACTIVE" : "ARCHIVED") || bag.Fields["SystemAccount"] is not null
            ? null
            : CompanyBooks.Moved(bag with { Fields = bag.Fields.With(name, archive ? "ARCHIVED" : "ACTIVE") }, at);
    }

    private static BagRecord State(BagRecord record, string state, DateTime at) =>
        CompanyBooks.Moved(record with { Fields = record.Fields.With("Status", state) }, at);
}
