using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>
/// A hash of what a record posts: posted or void, date, contact, currency, rate, tax, and the lines' account, net, tax type and tax. Never the time of change, what is still owed, reconciliation, files or
/// the due date: a payment moves those, and a dismissal or the closed-period guard must not wake up for it. Payments have their own.
/// </summary>
internal static class Fingerprint
{
    // Divided by it, a number has no noughts behind it.
    internal const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Of a record.</summary>
    public static ulong Of(LedgerRecord record)
    {
        var text = FingerprintText.Begin();
        switch (record)
        {
            case LedgerDocument document:
                text.Add("document").Add(document.Id).Add(Posted(document.Status)).Add(document.Date).Add(document.ContactId).Add(document.Currency).Add(document.CurrencyRate).Add(document.Tax).Add(document.Lines);
                break;
            case LedgerBankEntry entry:
                text.Add("entry").Add(entry.Id).Add(Posted(entry.Status)).Add(entry.Date).Add(entry.ContactId).Add(entry.BankAccountId).Add(entry.Direction == MoneyDirection.In ? "In" : "Out").Add(entry.Currency)
                    .Add(entry.CurrencyRate).Add(entry.Tax).Add(entry.Lines);
                break;
            case LedgerJournal journal:
                text.Add("journal").Add(journal.Id).Add(Posted(journal.Status)).Add(journal.Date).Add(journal.Lines);
                break;
            case LedgerPayment payment:
                text.Add("payment").Add(payment.Id).Add(Posted(payment.Status)).Add(payment.Date).Add(payment.DocumentId).Add(payment.AccountId).Add(payment.Amount).Add(payment.CurrencyRate);
                break;
            case LedgerTransfer transfer:
                text.Add("transfer").Add(transfer.Id).Add(Posted(transfer.Status)).Add(transfer.Date).Add(transfer.FromAccountId).Add(transfer.ToAccountId).Add(transfer.Amount);
                break;
            case LedgerContact contact:
                text.Add("contact").Add(contact.Id).Add(contact.Name).Add(contact.Email).Add(contact.TaxNumber).Add(contact.BankDetails);
                break;
            default:
                text.Add(record.GetType().Name).Add(record.Id);
                break;
        }
        return text.Hash();
    }

    /// <summary>A hash of texts; null and empty differ, and so do "a","bc" and "ab","c".</summary>
    public static ulong Of(IEnumerable<string?> parts) => BinaryPrimitives.ReadUInt64BigEndian(Bytes(parts));

    /// <summary>The same, long enough to name things by: 32 hexadecimal digits.</summary>
    public static string Id(IEnumerable<string?> parts) => Convert.ToHexStringLower(Bytes(parts).AsSpan(0, 16));

    /// <summary>The hash of several, in any order.</summary>
    public static string All(IEnumerable<ulong> prints) => Of(prints.Order().Select(print => print.ToString("x16", CultureInfo.InvariantCulture))).ToString("x16", CultureInfo.InvariantCulture);

    public static string Number(decimal value) => (value / One).ToString(CultureInfo.InvariantCulture);

    private static byte[] Bytes(IEnumerable<string?> parts)
    {
        var text = new StringBuilder(256);
        foreach (var part in parts)
            text.Append(part is null ? "-" : part.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(part);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Which of the statuses in the accounts it has is a matter of payment.
    private static string Posted(LedgerStatus status) => status.IsInTheAccounts() ? "posted" : status is LedgerStatus.Draft or LedgerStatus.Submitted ? "draft" : "void";
}
