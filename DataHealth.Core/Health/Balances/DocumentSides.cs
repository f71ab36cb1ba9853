using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Balances;

/// <summary>Which way kinds of documents go, and how amounts become base currency.</summary>
internal static class DocumentSides
{
    /// <summary>Sold, or to a customer's credit.</summary>
    public static bool IsSale(this DocumentKind kind) =>
        kind is DocumentKind.SalesInvoice or DocumentKind.SalesCreditNote or DocumentKind.SalesOverpayment or DocumentKind.SalesPrepayment;

    /// <summary>Reduces what is owed.</summary>
    public static bool IsCredit(this DocumentKind kind) => kind is DocumentKind.SalesCreditNote or DocumentKind.SupplierCreditNote || kind.IsAdvance();

    /// <summary>Money paid too much or too early: what brought the money posts it, not the document.</summary>
    public static bool IsAdvance(this DocumentKind kind) =>
        kind is DocumentKind.SalesOverpayment or DocumentKind.SupplierOverpayment or DocumentKind.SalesPrepayment or DocumentKind.SupplierPrepayment;

    /// <summary>The control account of its kind.</summary>
    public static AccountPart Control(this DocumentKind kind) => kind.IsSale() ? AccountPart.Receivable : AccountPart.Payable;

    /// <summary>The money that made an over- or prepayment, and not a refund of it: it came from the customer, or went to the supplier.</summary>
    public static bool MadeItsDocument(this LedgerPayment payment) =>
        payment.Settles.IsAdvance() && payment.Direction == (payment.Settles.IsSale() ? MoneyDirection.In : MoneyDirection.Out);

    /// <summary>Whether an amount is in another currency than the base; told by the currency where it is known, else by the rate.</summary>
    public static bool IsForeign(this BooksFrame frame, string? currency, decimal rate) => rate != 1m || (currency is not null && frame.BaseCurrency is not null && currency != frame.BaseCurrency);

    /// <summary>An amount in base currency, as one posting: each is rounded to the hundredth by itself, as the providers' ledgers do, half away from nought.</summary>
    /// <param name="amount">In the record's currency.</param>
    /// <param name="rate">Units of that currency for one of the base.</param>
    public static decimal ToBase(decimal amount, decimal rate) => Math.Round(rate is 0m or 1m ? amount : amount / rate, 2, MidpointRounding.AwayFromZero);
}
