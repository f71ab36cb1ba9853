using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>A payment of an invoice or bill.</summary>
internal sealed record Payment : BookRecord
{
    public required PaymentPart Part { get; init; }

    public required Guid InvoiceId { get; init; }

    public required string InvoiceNumber { get; init; }

    public required bool IsSale { get; init; }

    public required Guid ContactId { get; init; }

    public required string ContactName { get; init; }

    public required string Currency { get; init; }

    public required decimal InvoiceRate { get; init; }

    public required LedgerAccount Bank { get; init; }

    public required decimal BankAmount { get; init; }

    public string State { get; init; } = "AUTHORISED";

    public string Reference { get; init; } = "";

    public bool IsReconciled { get; init; }

    public override string Status => State;

    private string Type => IsSale ? "ACCRECPAYMENT" : "ACCPAYPAYMENT";

    public override object? Field(string path) => path.ToUpperInvariant() switch
    {
        "ID" or "PAYMENTID" => Id,
        "STATUS" => State,
        "PAYMENTTYPE" => Type,
        "DATE" => Part.Date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
        "AMOUNT" => Part.Amount,
        "BANKAMOUNT" => BankAmount,
        "REFERENCE" => Reference,
        "ISRECONCILED" => IsReconciled,
        "INVOICE.INVOICEID" => InvoiceId,
        "INVOICE.CONTACT.CONTACTID" => ContactId,
        "ACCOUNT.ACCOUNTID" => Bank.Id,
        "ACCOUNT.CODE" => Bank.Code,
        "BATCHPAYMENTID" => Part.Batch,
        "UPDATEDDATEUTC" => UpdatedUtc,
        _ => null,
    };

    public override void WriteJson(Utf8JsonWriter writer, JsonSpelling spelling)
    {
        writer.WriteStartObject();
        writer.WriteString("PaymentID"u8, Id);
        if (Part.Batch is { } batch)
            writer.WriteString("BatchPaymentID"u8, batch);
        writer.Day("Date"u8, Part.Date, spelling);
        writer.Fixed("BankAmount"u8, BankAmount);
        writer.Fixed("Amount"u8, Part.Amount);
        writer.WriteString("Reference"u8, Reference);
        writer.Fixed("CurrencyRate"u8, Part.Rate, 10);
        writer.WriteString("PaymentType"u8, Type);
        writer.WriteString("Status"u8, State);
        writer.WriteBoolean("HasAccount"u8, true);
        writer.WriteBoolean("IsReconciled"u8, IsReconciled);
        writer.WriteStartObject("Account"u8);
        writer.WriteString("AccountID"u8, Bank.Id);
        writer.WriteString("Code"u8, Bank.Code);
        writer.WriteEndObject();
        writer.WriteStartObject("Invoice"u8);
        writer.WriteString("InvoiceID"u8, InvoiceId);
        writer.WriteString("InvoiceNumber"u8, InvoiceNumber);
        writer.WriteString("Type"u8, IsSale ? "ACCREC" : "ACCPAY");
        writer.WriteString("CurrencyCode"u8, Currency);
        writer.WriteStartObject("Contact"u8);
        writer.WriteString("ContactID"u8, ContactId);
        writer.WriteString("Name"u8, ContactName);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Instant("UpdatedDateUTC"u8, UpdatedUtc, spelling);
        writer.Second("UpdatedDateUTCString"u8, UpdatedUtc);
        writer.WriteEndObject();
    }
}
