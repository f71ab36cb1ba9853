using System.Text.Json;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial record Document
{
    public override void WriteJson(Utf8JsonWriter writer, JsonSpelling spelling)
    {
        writer.WriteStartObject();
        var isInvoice = Kind == DocumentKind.Invoice;
        switch (Kind)
        {
            case DocumentKind.Invoice: writer.WriteString("InvoiceID"u8, Id); break;
            case DocumentKind.CreditNote: writer.WriteString("CreditNoteID"u8, Id); break;
            case DocumentKind.Overpayment: writer.WriteString("OverpaymentID"u8, Id); break;
            case DocumentKind.Prepayment: writer.WriteString("PrepaymentID"u8, Id); break;
            default: writer.WriteString("BankTransactionID"u8, Id); break;
        }

        writer.WriteString("Type"u8, Type);
        if (isInvoice)
            writer.WriteString("InvoiceNumber"u8, Number);
        else if (Kind == DocumentKind.CreditNote)
            writer.WriteString("CreditNoteNumber"u8, Number);
        writer.WriteString("Reference"u8, Reference);
        writer.WriteString("Status"u8, State);
        if (Kind == DocumentKind.BankTransaction)
            WriteBank(writer);
        writer.WriteStartObject("Contact"u8);
        writer.WriteString("ContactID"u8, ContactId);
        writer.WriteString("Name"u8, ContactName);
        writer.WriteEndObject();
        writer.DayText("DateString"u8, Date);
        writer.Day("Date"u8, Date, spelling);
        if (DueDate is { } due)
        {
            writer.DayText("DueDateString"u8, due);
            writer.Day("DueDate"u8, due, spelling);
        }

        writer.WriteString("LineAmountTypes"u8, LineAmountTypes);
        writer.Fixed("SubTotal"u8, SubTotal);
        writer.Fixed("TotalTax"u8, TotalTax);
        writer.Fixed("Total"u8, Total);
        if (isInvoice)
        {
            writer.Fixed("AmountDue"u8, AmountDue);
            writer.Fixed("AmountPaid"u8, AmountPaid);
            writer.Fixed("AmountCredited"u8, AmountCredited);
        }
        else if (Kind != DocumentKind.BankTransaction)
        {
            writer.Fixed("RemainingCredit"u8, AmountDue);
        }

        writer.WriteString("CurrencyCode"u8, Currency);
        writer.Fixed("CurrencyRate"u8, Rate, 10);
        if (FullyPaidOn is { } paidOn)
            writer.Day("FullyPaidOnDate"u8, paidOn, spelling);
        if (isInvoice || Kind == DocumentKind.CreditNote)
            writer.WriteBoolean("SentToContact"u8, SentToContact);
        if (!spelling.Summary)
        {
            writer.WriteBoolean("HasAttachments"u8, HasAttachments);
            if (spelling.LineItems)
                WriteLines(writer, spelling);
            if (Kind != DocumentKind.BankTransaction)
                WriteSettlements(writer, spelling);
        }

        writer.Instant("UpdatedDateUTC"u8, UpdatedUtc, spelling);
        if (Kind != DocumentKind.BankTransaction)
            writer.Second("UpdatedDateUTCString"u8, UpdatedUtc);
        writer.WriteEndObject();
    }

    private void WriteBank(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("IsReconciled"u8, IsReconciled);
        writer.WriteStartObject("BankAccount"u8);
        writer.WriteString("AccountID"u8, Bank!.Id);
        writer.WriteString("Code"u8, Bank.Code);
        writer.WriteString("Name"u8, Bank.Name);
        writer.WriteEndObject();
        if (Brought is { } brought)
            writer.WriteString(Type.EndsWith("OVERPAYMENT", StringComparison.Ordinal) ? "OverpaymentID"u8 : "PrepaymentID"u8, brought);
    }

    private void WriteLines(Utf8JsonWriter writer, JsonSpelling spelling)
    {
        writer.WriteStartArray("LineItems"u8);
        foreach (var line in Lines)
        {
            writer.WriteStartObject();
            writer.WriteString("LineItemID"u8, line.Id);
            writer.WriteString("Description"u8, line.Description);
            writer.Fixed("Quantity"u8, line.Quantity, 4);
            writer.Fixed("UnitAmount"u8, line.UnitAmount, spelling.UnitDecimals);
            if (line.Discount is { } discount)
                writer.Fixed("DiscountRate"u8, discount);
            writer.Fixed("LineAmount"u8, line.LineAmount);
            writer.WriteString("AccountCode"u8, line.Account.Code);
            writer.WriteString("AccountID"u8, line.Account.Id);
            if (line.Item is not null)
                writer.WriteString("ItemCode"u8, line.Item);
            writer.WriteString("TaxType"u8, line.Tax.Type);
            writer.Fixed("TaxAmount"u8, line.TaxAmount);
            writer.WriteStartArray("Tracking"u8);
            if (line.Tracking is { } tracking)
            {
                writer.WriteStartObject();
                foreach (var (name, value) in tracking.Fields)
                {
                    if (value is Guid id)
                        writer.WriteString(name, id);
                    else
                        writer.WriteString(name, (string)value!);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteSettlements(Utf8JsonWriter writer, JsonSpelling spelling)
    {
        writer.WriteStartArray("Payments"u8);
        foreach (var part in Payments)
        {
            writer.WriteStartObject();
            writer.WriteString("PaymentID"u8, part.Id);
            if (part.Batch is { } batch)
                writer.WriteString("BatchPaymentID"u8, batch);
            writer.Day("Date"u8, part.Date, spelling);
            writer.Fixed("Amount"u8, part.Amount);
            writer.Fixed("CurrencyRate"u8, part.Rate, 10);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (Kind == DocumentKind.Invoice)
        {
            WriteCredits(writer, "CreditNotes"u8, DocumentKind.CreditNote, spelling);
            WriteCredits(writer, "Prepayments"u8, DocumentKind.Prepayment, spelling);
            WriteCredits(writer, "Overpayments"u8, DocumentKind.Overpayment, spelling);
            return;
        }

        writer.WriteStartArray("Allocations"u8);
        foreach (var part in Allocations)
        {
            writer.WriteStartObject();
            writer.WriteString("AllocationID"u8, part.Id);
            writer.Fixed("Amount"u8, part.Amount);
            writer.Day("Date"u8, part.Date, spelling);
            writer.WriteStartObject("Invoice"u8);
            writer.WriteString("InvoiceID"u8, part.OtherId);
            writer.WriteString("InvoiceNumber"u8, part.OtherNumber);
            writer.WriteEndObject();
            writer.WriteBoolean("IsDeleted"u8, false);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteCredits(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DocumentKind source, JsonSpelling spelling)
    {
        writer.WriteStartArray(name);
        foreach (var part in Allocations)
        {
            if (part.Source != source)
                continue;
            writer.WriteStartObject();
            if (source == DocumentKind.CreditNote)
            {
                writer.WriteString("CreditNoteID"u8, part.OtherId);
                writer.WriteString("CreditNoteNumber"u8, part.OtherNumber);
            }
            else
            {
                writer.WriteString(source == DocumentKind.Overpayment ? "OverpaymentID"u8 : "PrepaymentID"u8, part.OtherId);
            }

            writer.Day("Date"u8, part.Date, spelling);
            writer.Fixed("AppliedAmount"u8, part.Amount);
            writer.Fixed("Total"u8, part.CreditTotal);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
