namespace DataHealth.Local.Sandbox.Books;

/// <summary>What contacts owe and are owed, and whether they ever sold or bought: figures that move without moving the contact's UpdatedDateUTC.</summary>
internal sealed class ContactBalances(DateOnly today)
{
    private readonly Dictionary<int, Sums> _sums = [];

    public void Count(Document document, int sign)
    {
        if (document.IsDead || document.State is "DRAFT" or "SUBMITTED" || document.Kind == DocumentKind.BankTransaction)
            return;
        if (!_sums.TryGetValue(document.Contact, out var sums))
            _sums[document.Contact] = sums = new Sums();
        var credit = document.Kind != DocumentKind.Invoice;
        var due = Company.Round(document.AmountDue / document.Rate) * (credit ? -sign : sign);
        var own = document.AmountDue * (credit ? -sign : sign);
        var overdue = !credit && document.DueDate < today ? due : 0m;
        if (document.IsSale)
            (sums.OwnReceivable, sums.Receivable, sums.ReceivableOverdue, sums.Sales) = (sums.OwnReceivable + own, sums.Receivable + due, sums.ReceivableOverdue + overdue, sums.Sales + sign);
        else
            (sums.OwnPayable, sums.Payable, sums.PayableOverdue, sums.Bills) = (sums.OwnPayable + own, sums.Payable + due, sums.PayableOverdue + overdue, sums.Bills + sign);
    }

    /// <summary>In the contact's own currency.</summary>
    public (decimal Receivable, decimal Payable) Due(int contact) =>
        _sums.TryGetValue(contact, out var sums) ? (sums.OwnReceivable, sums.OwnPayable) : default;

    public BagRecord On(BagRecord contact, int slot)
    {
        if (!_sums.TryGetValue(slot, out var sums))
            return contact;
        var fields = contact.Fields
            .With("IsSupplier", sums.Bills > 0)
            .With("IsCustomer", sums.Sales > 0)
            .With("Balances", new Bag(
                ("AccountsReceivable", new Bag(("Outstanding", new Fixed(sums.Receivable)), ("Overdue", new Fixed(sums.ReceivableOverdue)))),
                ("AccountsPayable", new Bag(("Outstanding", new Fixed(sums.Payable)), ("Overdue", new Fixed(sums.PayableOverdue))))));
        return contact with { Fields = fields };
    }

    private sealed class Sums
    {
        public decimal OwnReceivable, OwnPayable, Receivable, ReceivableOverdue, Payable, PayableOverdue;
        public int Sales, Bills;
    }
}
