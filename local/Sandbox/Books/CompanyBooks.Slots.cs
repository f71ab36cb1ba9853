namespace DataHealth.Local.Sandbox.Books;

/// <summary>The books by slot, for renderings other than Xero's.</summary>
public sealed partial class CompanyBooks
{
    internal Company Company => _company;

    internal int OverpaymentsGenerated => _generated.Overpayments.Count;

    internal int PrepaymentsGenerated => _generated.Prepayments.Count;

    internal int SlotsOf(string collection)
    {
        lock (_gate)
            return On(collection).Slots;
    }

    /// <summary>The record in a slot; null once it has vanished.</summary>
    internal BookRecord? At(string collection, int slot)
    {
        var shelf = On(collection);
        lock (_gate)
        {
            if (shelf.IsGone(slot))
                return null;
            if (shelf.Changed(slot) is { } changed)
                return changed;
        }

        return shelf.Make(slot);
    }

    internal int? SlotOf(string collection, Guid id)
    {
        lock (_gate)
            return On(collection).Find(id);
    }

    internal Guid IdAt(string collection, int slot)
    {
        lock (_gate)
            return On(collection).IdAt(slot);
    }

    /// <summary>What a contact owes and is owed, in its own currency.</summary>
    internal (decimal Receivable, decimal Payable) Due(int contact)
    {
        lock (_gate)
            return _balances.Due(contact);
    }

    internal T ReadLedger<T>(Func<GeneralLedger, T> read)
    {
        lock (_gate)
            return read(Ledger());
    }
}
