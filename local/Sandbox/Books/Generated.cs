namespace DataHealth.Local.Sandbox.Books;

/// <summary>What one pass over the generated invoices finds: which of them have payments and credits, so that those can be made by index.</summary>
internal sealed class Generated
{
    private readonly Company _company;
    private readonly List<int> _paymentInvoices = [];
    private readonly List<byte> _paymentParts = [];
    private readonly SortedDictionary<DateOnly, List<(Guid Payment, Guid Invoice, decimal Amount, Guid Batch)>> _batches = [];
    private readonly List<int> _brought = [];

    public Generated(Company company, ContactBalances balances)
    {
        _company = company;
        for (var i = 0; i < company.Invoices; i++)
        {
            var invoice = company.Invoice(i);
            InvoiceIds.Add(invoice.Id);
            InvoiceMoments.Add(invoice.UpdatedUtc);
            balances.Count(invoice, 1);
            for (var k = 0; k < invoice.Payments.Count; k++)
                AddPayment(i, k, invoice);
            if (invoice.Allocations.Count > 0)
                Of(invoice.Allocations[0].Source).Add(i);
        }

        for (var i = 1; i <= company.Planting.Credits.Count; i++)
            Of(company.CreditOf(-i).Kind).Add(-i);
        _brought.AddRange(Overpayments);
        _brought.AddRange(Prepayments);
        foreach (var credit in CreditNotes.Concat(_brought))
            balances.Count(company.CreditOf(credit), 1);
        _paymentInvoices.TrimExcess();
        _paymentParts.TrimExcess();
    }

    public List<Guid> InvoiceIds { get; private set; } = [];

    public List<DateTime> InvoiceMoments { get; private set; } = [];

    public List<Guid> PaymentIds { get; private set; } = [];

    private List<DateOnly> PaymentDays { get; set; } = [];

    public List<int> CreditNotes { get; } = [];

    public List<int> Overpayments { get; } = [];

    public List<int> Prepayments { get; } = [];

    public int Payments => _paymentInvoices.Count;

    public int Brought => _brought.Count;

    public int BankEntries { get; set; }

    /// <summary>Lets go of what the shelves hold from now on.</summary>
    public void Forget() => (InvoiceIds, InvoiceMoments, PaymentIds, PaymentDays) = ([], [], [], []);

    public DateTime PaymentMoment(int slot)
    {
        var random = _company.Random(Kinds.Payment, _paymentInvoices[slot], 100 + _paymentParts[slot]);
        return PaymentDays[slot].ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(9).AddMilliseconds(random.Below(6 * 3_600_000));
    }

    public Payment Payment(int slot)
    {
        var invoice = _company.Invoice(_paymentInvoices[slot]);
        var random = _company.Random(Kinds.Payment, _paymentInvoices[slot], 100 + _paymentParts[slot]);
        var part = invoice.Payments[_paymentParts[slot]];
        var moment = part.Date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddHours(9).AddMilliseconds(random.Below(6 * 3_600_000));
        return Payment(_company, invoice, part, moment, random.PerMille(300) ? "BACS" : "");
    }

    public static Payment Payment(Company company, Document invoice, PaymentPart part, DateTime moment, string reference)
    {
        var bank = company.Chart.Accounts[part.Bank];
        return new Payment
        {
            Id = part.Id,
            UpdatedUtc = moment,
            Part = part,
            InvoiceId = invoice.Id,
            InvoiceNumber = invoice.Number,
            IsSale = invoice.IsSale,
            ContactId = invoice.ContactId,
            ContactName = invoice.ContactName,
            Currency = invoice.Currency,
            InvoiceRate = invoice.Rate,
            Bank = bank,
            BankAmount = bank.Currency == invoice.Currency ? part.Amount : Company.Round(part.Amount / part.Rate),
            Reference = reference,
            IsReconciled = part.Reconciled,
        };
    }

    public Document BankTransaction(int slot) => slot < _brought.Count
        ? _company.BankEntryOf(_brought[slot])
        : _company.BankTransaction(slot - _brought.Count, BankEntries - _brought.Count);

    /// <summary>A bank entry made by an edit.</summary>
    public Document NewBankTransaction(int slot, DateTime at, Wish wish) => _company.BankTransaction(slot, BankEntries, DateOnly.FromDateTime(at), at, wish);

    public IEnumerable<BagRecord> Batches() => _batches.Select(batch =>
    {
        var updated = batch.Key.ToDateTime(new TimeOnly(16, 0), DateTimeKind.Utc);
        var bank = _company.Chart.Accounts[_company.Chart["090"]];
        return new BagRecord(new Bag(("BatchPaymentID", batch.Value[0].Batch), ("Account", new Bag(("AccountID", bank.Id), ("Code", bank.Code))),
            ("Date", batch.Key), ("DateString", new DayText(batch.Key)), ("Reference", ""), ("Type", "PAYBATCH"), ("Status", "AUTHORISED"),
            ("TotalAmount", new Fixed(batch.Value.Sum(p => p.Amount))), ("IsReconciled", true),
            ("Payments", batch.Value.Select(p => (object)new Bag(("PaymentID", p.Payment), ("Amount", new Fixed(p.Amount)),
                ("Invoice", new Bag(("InvoiceID", p.Invoice))))).ToArray()), ("UpdatedDateUTC", updated)))
        {
            Id = batch.Value[0].Batch,
            UpdatedUtc = updated,
        };
    });

    private List<int> Of(DocumentKind kind) => kind switch
    {
        DocumentKind.CreditNote => CreditNotes,
        DocumentKind.Overpayment => Overpayments,
        _ => Prepayments,
    };

    private void AddPayment(int index, int number, Document invoice)
    {
        var part = invoice.Payments[number];
        _paymentInvoices.Add(index);
        _paymentParts.Add((byte)number);
        PaymentIds.Add(part.Id);
        PaymentDays.Add(part.Date);
        if (part.Batch is not { } batch)
            return;
        if (!_batches.TryGetValue(part.Date, out var list))
            _batches[part.Date] = list = [];
        list.Add((part.Id, invoice.Id, part.Amount, batch));
    }
}
