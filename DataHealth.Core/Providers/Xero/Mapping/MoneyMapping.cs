using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>Payments, batches, bank transactions, transfers.</summary>
internal static class MoneyMapping
{
    public static LedgerRecord Payment(string id, XeroPayment xero)
    {
        var settles = Settles(xero.PaymentType);
        var isSales = settles is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote or DocumentKind.SalesOverpayment or DocumentKind.SalesPrepayment;
        var isRefund = settles is not (DocumentKind.SalesInvoice or DocumentKind.Bill);
        return new LedgerPayment
        {
            Id = id,
            UpdatedAt = xero.UpdatedDateUTC,
            Settles = settles,
            Direction = isSales != isRefund ? MoneyDirection.In : MoneyDirection.Out,
            Status = Terms.Status(xero.Status),
            Date = xero.Date,
            Amount = xero.Amount ?? 0m,
            Currency = (xero.Invoice ?? xero.CreditNote ?? xero.Overpayment ?? xero.Prepayment)?.CurrencyCode,
            BankAmount = xero.BankAmount,
            CurrencyRate = Terms.Rate(xero.CurrencyRate),
            AccountId = xero.Account?.AccountID,
            AccountCode = xero.Account?.Code,
            DocumentId = xero.Invoice?.InvoiceID ?? xero.CreditNote?.CreditNoteID ?? xero.Overpayment?.OverpaymentID ?? xero.Prepayment?.PrepaymentID,
            DocumentNumber = xero.Invoice?.InvoiceNumber ?? xero.CreditNote?.CreditNoteNumber,
            ContactId = (xero.Invoice ?? xero.CreditNote ?? xero.Overpayment ?? xero.Prepayment)?.Contact?.ContactID,
            BatchId = xero.BatchPaymentID ?? xero.BatchPayment?.BatchPaymentID,
            Reference = xero.Reference,
            IsReconciled = xero.IsReconciled,
        };
    }

    public static LedgerRecord Batch(string id, XeroBatchPayment xero) => new LedgerBatchPayment
    {
        Id = id,
        UpdatedAt = xero.UpdatedDateUTC,
        Direction = xero.Type == "RECBATCH" ? MoneyDirection.In : MoneyDirection.Out,
        Status = Terms.Status(xero.Status),
        Date = xero.Date ?? xero.DateString,
        Amount = xero.TotalAmount ?? 0m,
        AccountId = xero.Account?.AccountID,
        Reference = xero.Reference ?? xero.Narrative,
        IsReconciled = xero.IsReconciled,
        PaymentIds = [.. (xero.Payments ?? []).Select(payment => payment.PaymentID).OfType<string>()],
    };

    public static LedgerRecord BankEntry(string id, XeroBankTransaction xero)
    {
        var treatment = Terms.Treatment(xero.LineAmountTypes);
        return new LedgerBankEntry
        {
            Id = id,
            UpdatedAt = xero.UpdatedDateUTC,
            Direction = xero.Type?.StartsWith("RECEIVE", StringComparison.Ordinal) == true ? MoneyDirection.In : MoneyDirection.Out,
            Kind = xero.Type switch
            {
                "SPEND" or "RECEIVE" => BankEntryKind.Direct,
                "SPEND-OVERPAYMENT" or "RECEIVE-OVERPAYMENT" => BankEntryKind.Overpayment,
                "SPEND-PREPAYMENT" or "RECEIVE-PREPAYMENT" => BankEntryKind.Prepayment,
                "SPEND-TRANSFER" or "RECEIVE-TRANSFER" => BankEntryKind.Transfer,
                _ => BankEntryKind.Unknown,
            },
            Status = Terms.Status(xero.Status),
            Date = xero.Date ?? xero.DateString,
            BankAccountId = xero.BankAccount?.AccountID,
            BankAccountCode = xero.BankAccount?.Code,
            ContactId = xero.Contact?.ContactID,
            ContactName = xero.Contact?.Name,
            Reference = xero.Reference,
            Currency = xero.CurrencyCode,
            CurrencyRate = Terms.Rate(xero.CurrencyRate),
            TaxTreatment = treatment,
            Net = xero.SubTotal ?? 0m,
            Tax = xero.TotalTax ?? 0m,
            Gross = xero.Total ?? 0m,
            Lines = Terms.Lines(xero.LineItems, treatment),
            IsReconciled = xero.IsReconciled,
            HasAttachments = xero.HasAttachments,
            CreditId = xero.OverpaymentID ?? xero.PrepaymentID,
        };
    }

    // Xero gives transfers no time of change, only of creation; without a status (older answers) a transfer is posted.
    public static LedgerRecord Transfer(string id, XeroBankTransfer xero) => new LedgerTransfer
    {
        Id = id,
        Status = xero.Status is null ? LedgerStatus.Posted : Terms.Status(xero.Status),
        Date = xero.Date ?? xero.DateString,
        Amount = xero.Amount ?? 0m,
        CurrencyRate = xero.CurrencyRate,
        FromAccountId = xero.FromBankAccount?.AccountID,
        ToAccountId = xero.ToBankAccount?.AccountID,
        FromEntryId = xero.FromBankTransactionID,
        ToEntryId = xero.ToBankTransactionID,
        FromIsReconciled = xero.FromIsReconciled,
        ToIsReconciled = xero.ToIsReconciled,
        Reference = xero.Reference,
        HasAttachments = xero.HasAttachments,
        CreatedAt = xero.CreatedDateUTC,
    };

    private static DocumentKind Settles(string? type) => type switch
    {
        "ACCRECPAYMENT" => DocumentKind.SalesInvoice,
        "ACCPAYPAYMENT" => DocumentKind.Bill,
        "ARCREDITPAYMENT" => DocumentKind.SalesCreditNote,
        "APCREDITPAYMENT" => DocumentKind.SupplierCreditNote,
        "AROVERPAYMENTPAYMENT" => DocumentKind.SalesOverpayment,
        "APOVERPAYMENTPAYMENT" => DocumentKind.SupplierOverpayment,
        "ARPREPAYMENTPAYMENT" => DocumentKind.SalesPrepayment,
        "APPREPAYMENTPAYMENT" => DocumentKind.SupplierPrepayment,
        _ => DocumentKind.Unknown,
    };
}
