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
    public static ulong Of(LedgerRecord record) => record switch
    {
        LedgerDocument document => Of(["document", document.Id, Posted(document.Status), Day(document.Date), document.ContactId, document.Currency, Number(document.CurrencyRate), Number(document.Tax), .. Lines(document.Lines)]),
        LedgerBankEntry entry => Of(
            ["entry", entry.Id, Posted(entry.Status), Day(entry.Date), entry.ContactId, entry.BankAccountId, entry.Direction.ToString(), entry.Currency, Number(entry.CurrencyRate), Number(entry.Tax), .. Lines(entry.Lines)]),
        LedgerJournal journal => Of(["journal", journal.Id, Posted(journal.Status), Day(journal.Date), .. Lines(journal.Lines)]),
        LedgerPayment payment => Of(["payment", payment.Id, Posted(payment.Status), Day(payment.Date), payment.DocumentId, payment.AccountId, Number(payment.Amount), Number(payment.CurrencyRate)]),
        LedgerTransfer transfer => Of(["transfer", transfer.Id, Posted(transfer.Status), Day(transfer.Date), transfer.FromAccountId, transfer.ToAccountId, Number(transfer.Amount)]),
        LedgerContact contact => Of(["contact", contact.Id, contact.Name, contact.Email, contact.TaxNumber, contact.BankDetails]),
        _ => Of([record.GetType().Name, record.Id]),
    };

    /// <summary>A hash of texts; null and empty differ, and so do "a","bc" and "ab","c".</summary>
    public static ulong Of(IEnumerable<string?> parts) => BinaryPrimitives.ReadUInt64BigEndian(Bytes(parts));

    /// <summary>The same, long enough to name things by: 32 hexadecimal digits.</summary>
    public static string Id(IEnumerable<string?> parts) => Convert.ToHexStringLower(Bytes(parts).AsSpan(0, 16));

    /// <summary>The hash of several, in any order.</summary>
    public static string All(IEnumerable<ulong> prints) => Of(prints.Order().Select(print => print.ToString("x16", CultureInfo.InvariantCulture))).ToString("x16", CultureInfo.InvariantCulture);

    public static string Number(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    private static byte[] Bytes(IEnumerable<string?> parts)
    {
        var text = new StringBuilder(256);
        foreach (var part in parts)
            text.Append(part is null ? "-" : part.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(part);
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    // Which of the statuses in the accounts it has is a matter of payment.
    private static string Posted(LedgerStatus status) => status.IsInTheAccounts() ? "posted" : status is LedgerStatus.Draft or LedgerStatus.Submitted ? "draft" : "void";

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string?> Lines(IReadOnlyList<LedgerLine> lines) =>
        lines.SelectMany(line => new[] { line.AccountId ?? line.AccountCode, Number(line.Net), line.TaxType, line.Tax is { } tax ? Number(tax) : null });
}
