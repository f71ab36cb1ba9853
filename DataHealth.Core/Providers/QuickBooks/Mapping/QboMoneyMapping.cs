using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.QuickBooks.Mapping;

/// <summary>Payments, money through a bank account, transfers, journals.</summary>
internal static class QboMoneyMapping
{
    public static IReadOnlyList<LedgerRecord> Payment(string id, QboTransaction qbo) =>
        Payments("Payment", id, qbo, MoneyDirection.In, ["CreditMemo"], qbo.DepositToAccountRef, QboTerms.Id("Customer", qbo.CustomerRef?.Value), DocumentKind.SalesOverpayment);

    public static IReadOnlyList<LedgerRecord> BillPayment(string id, QboTransaction qbo) =>
        Payments("BillPayment", id, qbo, MoneyDirection.Out, ["VendorCredit"], qbo.CheckPayment?.BankAccountRef ?? qbo.CreditCardPayment?.CardAccountRef, QboTerms.Id("Vendor", qbo.VendorRef?.Value),
            DocumentKind.SupplierOverpayment);

    public static LedgerRecord SalesReceipt(string id, QboTransaction qbo) =>
        Entry("SalesReceipt", id, qbo, MoneyDirection.In, qbo.DepositToAccountRef, QboTerms.Id("Customer", qbo.CustomerRef?.Value), qbo.CustomerRef?.Name) with { IsPurchase = false };

    public static LedgerRecord RefundReceipt(string id, QboTransaction qbo) =>
        Entry("RefundReceipt", id, qbo, MoneyDirection.Out, qbo.DepositToAccountRef, QboTerms.Id("Customer", qbo.CustomerRef?.Value), qbo.CustomerRef?.Name) with { IsPurchase = false };

    public static LedgerRecord Purchase(string id, QboTransaction qbo) =>
        Entry("Purchase", id, qbo, qbo.Credit == true ? MoneyDirection.In : MoneyDirection.Out, qbo.AccountRef, QboTerms.Id(qbo.EntityRef?.Type, qbo.EntityRef?.Value), qbo.EntityRef?.Name) with { IsPurchase = true };

    // Lines that gather payments received before move money between two of the business's own accounts: the payments tell what it was for. Others beside them are money that came straight in.
    public static IReadOnlyList<LedgerRecord> Deposit(string id, QboTransaction qbo)
    {
        var gathered = (qbo.Line ?? []).FindAll(line => line.LinkedTxn is { Count: > 0 });
        var payer = Payer((qbo.Line ?? []).Except(gathered));
        var entry = Entry("Deposit", id, qbo, MoneyDirection.In, qbo.DepositToAccountRef, QboTerms.Id(payer?.Type, payer?.Value), payer?.Name);
        if (gathered.Count == 0)
            return [entry];
        if (gathered.Count == qbo.Line!.Count)
            return [entry with { Kind = BankEntryKind.Transfer }];
        var moved = gathered.Sum(line => line.Amount ?? 0m);
        var rest = entry with { Net = entry.Net - moved, Gross = entry.Gross - moved, Lines = QboTerms.Lines(qbo, qbo.Line.Except(gathered)) };
        return
        [
            // A card processor keeps its fee before it pays out: then the rest is money that went.
            rest.Gross < 0m ? Turned(rest) : rest,
            entry with
            {
                Id = entry.Id + "-gathered",
                PartOf = entry.Id,
                Kind = BankEntryKind.Transfer,
                ContactId = null,
                ContactName = null,
                Net = moved,
                Tax = 0m,
                Gross = moved,
                Lines = QboTerms.Lines(qbo, gathered),
            },
        ];
    }

    // A deposit names who paid line by line: it is theirs when all of it is of one.
    private static QboRef? Payer(IEnumerable<QboLine> lines)
    {
        var payers = lines.Where(line => line.Detail is not null).Select(line => line.Detail!.Entity).DistinctBy(payer => (payer?.Type, payer?.Value)).ToList();
        return payers is [{ Value.Length: > 0 } payer] ? payer : null;
    }

    private static LedgerBankEntry Turned(LedgerBankEntry entry) => entry with
    {
        Direction = entry.Direction == MoneyDirection.In ? MoneyDirection.Out : MoneyDirection.In,
        Net = -entry.Net,
        Tax = -entry.Tax,
        Gross = -entry.Gross,
        Lines = [.. entry.Lines.Select(line => line with { Net = -line.Net, Tax = -line.Tax })],
        TaxParts = [.. entry.TaxParts.Select(part => part with { Net = -part.Net, Tax = -part.Tax })],
    };

    public static LedgerRecord Transfer(string id, QboTransaction qbo) => new LedgerTransfer
    {
        Id = QboTerms.Id("Transfer", id)!,
        UpdatedAt = qbo.MetaData?.LastUpdatedTime,
        Status = QboTerms.Status(qbo, qbo.Amount ?? 0m),
        Date = qbo.TxnDate,
        Amount = qbo.Amount ?? 0m,
        CurrencyRate = qbo.ExchangeRate is null ? null : QboTerms.Rate(qbo.ExchangeRate),
        FromAccountId = qbo.FromAccountRef?.Value,
        ToAccountId = qbo.ToAccountRef?.Value,
        Reference = QboTerms.Given(qbo.PrivateNote),
        CreatedAt = qbo.MetaData?.CreateTime,
    };

    // Amounts are in the journal's own currency; the ledger's journals are in the base currency.
    public static LedgerRecord Journal(string id, QboTransaction qbo)
    {
        var rate = qbo.ExchangeRate is { } given && given != 0m ? given : 1m;
        return new LedgerJournal
        {
            Id = QboTerms.Id("JournalEntry", id)!,
            UpdatedAt = qbo.MetaData?.LastUpdatedTime,
            Status = QboTerms.Status(qbo, (qbo.Line ?? []).Sum(line => Math.Abs(line.Amount ?? 0m))),
            Date = qbo.TxnDate,
            Narration = QboTerms.Given(qbo.PrivateNote),
            TaxTreatment = QboTerms.Treatment(qbo.GlobalTaxCalculation),
            Lines =
            [
                .. (qbo.Line ?? []).Where(line => line.JournalEntryLineDetail is not null).Select(line => new LedgerLine
                {
                    Id = line.Id,
                    Description = line.Description,
                    Net = (line.Amount ?? 0m) * rate * (line.JournalEntryLineDetail!.PostingType == "Credit" ? -1 : 1),
                    Tax = line.JournalEntryLineDetail.TaxAmount * rate,
                    TaxType = line.JournalEntryLineDetail.TaxCodeRef?.Value,
                    AccountId = line.JournalEntryLineDetail.AccountRef?.Value,
                    Tracking = QboTerms.Tracking(line.JournalEntryLineDetail.ClassRef, line.JournalEntryLineDetail.DepartmentRef),
                }),
            ],
        };
    }

    /// <summary>
    /// One payment pays several documents and may use up credits: one ledger payment for each document, of the money that went to it, and one use of a credit for each that a credit paid. Credits are
    /// taken to have paid the first documents. What was not applied to any is money paid too much or in advance: a Payment says it, of a BillPayment it is what its lines leave.
    /// </summary>
    private static List<LedgerRecord> Payments(
        string type, string id, QboTransaction qbo, MoneyDirection direction, string[] creditTypes, QboRef? account, string? contact, DocumentKind unapplied)
    {
        var batch = QboTerms.Id(type, id)!;
        var status = QboTerms.Status(qbo, qbo.TotalAmt ?? 0m);
        var links = (qbo.Line ?? []).Where(line => line.LinkedTxn is { Count: > 0 }).Select(line => (Link: line.LinkedTxn![0], Amount: line.Amount ?? 0m)).ToList();
        var credits = new Queue<(QboLinkedTxn Link, decimal Amount)>(links.Where(link => creditTypes.Contains(link.Link.TxnType)));
        // Only customers' payments say what was not applied; of suppliers' it is what the lines leave of the money.
        var rest = status is LedgerStatus.Voided
            ? 0m
            : qbo.UnappliedAmt ?? Math.Max(0m, (qbo.TotalAmt ?? 0m) + links.Sum(link => creditTypes.Contains(link.Link.TxnType) ? link.Amount : -link.Amount));
        List<LedgerRecord> records = [];
        var (payments, uses) = (0, 0);
        foreach (var (link, amount) in links.Where(link => !creditTypes.Contains(link.Link.TxnType)))
        {
            var (document, left) = (QboTerms.Id(link.TxnType, link.TxnId), amount);
            while (left > 0m && credits.TryDequeue(out var credit))
            {
                var used = Math.Min(credit.Amount, left);
                left -= used;
                records.Add(Used(++uses, credit.Link, document, used));
                // What is left of the credit pays the next document: it goes back to the front.
                if (credit.Amount > used)
                    credits = new([(credit.Link, credit.Amount - used), .. credits]);
            }

            if (left != 0m)
                records.Add(Paid(++payments, Settled(link.TxnType), document, left));
        }

        if (rest != 0m)
        {
            var credit = batch + "-unapplied";
            records.Add(Paid(++payments, unapplied, credit, rest));
            records.Add(new LedgerDocument
            {
                Id = credit,
                UpdatedAt = qbo.MetaData?.LastUpdatedTime,
                Kind = unapplied,
                Status = status,
                Number = QboTerms.Given(qbo.PaymentRefNum) ?? QboTerms.Given(qbo.DocNumber),
                ContactId = contact,
                ContactName = (qbo.CustomerRef ?? qbo.VendorRef)?.Name,
                Date = qbo.TxnDate,
                Currency = qbo.CurrencyRef?.Value,
                CurrencyRate = QboTerms.Rate(qbo.ExchangeRate),
                Net = rest,
                Gross = rest,
                Outstanding = rest,
            });
        }

        // A payment that paid nothing (voided, or credits only) is still there.
        if (payments == 0)
            records.Add(Paid(1, DocumentKind.Unknown, null, qbo.TotalAmt ?? 0m));
        return records;

        LedgerCreditUse Used(int number, QboLinkedTxn credit, string? document, decimal amount) => new()
        {
            Id = $"{batch}-use-{number}",
            UpdatedAt = qbo.MetaData?.LastUpdatedTime,
            Credit = direction == MoneyDirection.In ? DocumentKind.SalesCreditNote : DocumentKind.SupplierCreditNote,
            Status = status,
            CreditId = QboTerms.Id(credit.TxnType, credit.TxnId),
            DocumentId = document,
            Amount = amount,
            Date = qbo.TxnDate,
        };

        LedgerPayment Paid(int number, DocumentKind settles, string? document, decimal amount) => new()
        {
            Id = $"{batch}-{number}",
            UpdatedAt = qbo.MetaData?.LastUpdatedTime,
            Settles = settles,
            Direction = direction,
            Status = status,
            Date = qbo.TxnDate,
            Amount = amount,
            Currency = qbo.CurrencyRef?.Value,
            CurrencyRate = QboTerms.Rate(qbo.ExchangeRate),
            AccountId = account?.Value,
            DocumentId = document,
            ContactId = contact,
            BatchId = batch,
            Reference = QboTerms.Given(qbo.PaymentRefNum) ?? QboTerms.Given(qbo.PrivateNote),
        };
    }

    private static LedgerBankEntry Entry(string type, string id, QboTransaction qbo, MoneyDirection direction, QboRef? account, string? contact, string? name)
    {
        var gross = qbo.TotalAmt ?? 0m;
        var tax = qbo.TxnTaxDetail?.TotalTax ?? 0m;
        return new LedgerBankEntry
        {
            Id = QboTerms.Id(type, id)!,
            UpdatedAt = qbo.MetaData?.LastUpdatedTime,
            Direction = direction,
            Kind = BankEntryKind.Direct,
            Status = QboTerms.Status(qbo, gross),
            Date = qbo.TxnDate,
            BankAccountId = account?.Value,
            ContactId = contact,
            ContactName = name,
            Reference = QboTerms.Given(qbo.DocNumber) ?? QboTerms.Given(qbo.PrivateNote),
            Currency = qbo.CurrencyRef?.Value,
            CurrencyRate = QboTerms.Rate(qbo.ExchangeRate),
            TaxTreatment = QboTerms.Treatment(qbo.GlobalTaxCalculation),
            Net = gross - tax,
            Tax = tax,
            Gross = gross,
            Lines = QboTerms.Lines(qbo),
            TaxParts = QboTerms.TaxParts(qbo),
        };
    }

    private static DocumentKind Settled(string? type) => type switch
    {
        "Invoice" => DocumentKind.SalesInvoice,
        "Bill" => DocumentKind.Bill,
        _ => DocumentKind.Unknown,
    };
}
