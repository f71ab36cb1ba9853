namespace DataHealth.Local.Sandbox.Books;

internal sealed partial record Document
{
    public override object? Field(string path) => path.ToUpperInvariant() switch
    {
        "ID" or "INVOICEID" or "CREDITNOTEID" or "OVERPAYMENTID" or "PREPAYMENTID" or "BANKTRANSACTIONID" => Id,
        "TYPE" => Type,
        "STATUS" => State,
        "INVOICENUMBER" or "CREDITNOTENUMBER" => Number,
        "REFERENCE" => Reference,
        "CONTACT.CONTACTID" => ContactId,
        "CONTACT.NAME" => ContactName,
        "DATE" or "DATESTRING" => Instant(Date),
        "DUEDATE" or "DUEDATESTRING" => DueDate is { } due ? Instant(due) : null,
        "FULLYPAIDONDATE" => FullyPaidOn is { } paid ? Instant(paid) : null,
        "SUBTOTAL" => SubTotal,
        "TOTALTAX" => TotalTax,
        "TOTAL" => Total,
        "AMOUNTDUE" or "REMAININGCREDIT" => AmountDue,
        "AMOUNTPAID" => AmountPaid,
        "AMOUNTCREDITED" => AmountCredited,
        "CURRENCYCODE" => Currency,
        "CURRENCYRATE" => Rate,
        "LINEAMOUNTTYPES" => LineAmountTypes,
        "HASATTACHMENTS" => HasAttachments,
        "SENTTOCONTACT" => SentToContact,
        "ISRECONCILED" => Kind == DocumentKind.BankTransaction ? IsReconciled : null,
        "BANKACCOUNT.ACCOUNTID" => Bank?.Id,
        "BANKACCOUNT.CODE" => Bank?.Code,
        "BANKACCOUNT.NAME" => Bank?.Name,
        "UPDATEDDATEUTC" or "UPDATEDDATEUTCSTRING" => UpdatedUtc,
        _ => null,
    };

    private static DateTime Instant(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
