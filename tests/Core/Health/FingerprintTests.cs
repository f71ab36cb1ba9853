using System.Globalization;
using CsCheck;
using DataHealth.Core.Health;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Tests.Health;

/// <summary>Fingerprints are stored: with another one for the same record, every dismissal of a finding on it would end.</summary>
public sealed class FingerprintTests
{
    [Fact]
    public void A_records_fingerprint_is_the_hash_of_its_parts_as_texts() => Gen.Int.Sample(
        seed =>
        {
            foreach (var kind in RandomRecord.Kinds)
            {
                var record = RandomRecord.Of(kind, new Random(seed));
                Fingerprint.Of(record).ShouldBe(Fingerprint.Of(PartsOf(record)), kind.Name);
            }
        },
        iter: 200);

    [Fact]
    public void A_number_in_a_fingerprint_is_written_without_noughts_behind_it() => Gen.OneOf(Gen.Decimal, Gen.Int.Select(cents => cents / 100m), Gen.Int.Select(number => number * 100m), Gen.Long.Select(number => number / 1.0000m), Gen.Int.Select(number => number * 1.0000m),
            Gen.Select(Gen.Int, Gen.Int, Gen.Bool, Gen.Int[0, 28]).Select((low, middle, isNegative, scale) => new decimal(low, middle, 0, isNegative, (byte)scale)),
            Gen.Const(new decimal(0, 0, 0, true, 2)), Gen.Const(0m), Gen.Const(0.000m), Gen.Const(decimal.MaxValue), Gen.Const(-0.0000000000000000000000000001m)).Sample(
        number =>
        {
            Span<char> text = stackalloc char[40];
            new string(text[..FingerprintText.Write(number, text)]).ShouldBe(Fingerprint.Number(number));
        });

    private static string?[] PartsOf(LedgerRecord record) => record switch
    {
        LedgerDocument document =>
        [
            "document", document.Id, Posted(document.Status), Day(document.Date), document.ContactId, document.Currency, Fingerprint.Number(document.CurrencyRate), Fingerprint.Number(document.Tax), .. Lines(document.Lines),
        ],
        LedgerBankEntry entry =>
        [
            "entry", entry.Id, Posted(entry.Status), Day(entry.Date), entry.ContactId, entry.BankAccountId, entry.Direction.ToString(), entry.Currency, Fingerprint.Number(entry.CurrencyRate), Fingerprint.Number(entry.Tax),
            .. Lines(entry.Lines),
        ],
        LedgerJournal journal => ["journal", journal.Id, Posted(journal.Status), Day(journal.Date), .. Lines(journal.Lines)],
        LedgerPayment payment =>
        [
            "payment", payment.Id, Posted(payment.Status), Day(payment.Date), payment.DocumentId, payment.AccountId, Fingerprint.Number(payment.Amount), Fingerprint.Number(payment.CurrencyRate),
        ],
        LedgerTransfer transfer => ["transfer", transfer.Id, Posted(transfer.Status), Day(transfer.Date), transfer.FromAccountId, transfer.ToAccountId, Fingerprint.Number(transfer.Amount)],
        LedgerContact contact => ["contact", contact.Id, contact.Name, contact.Email, contact.TaxNumber, contact.BankDetails],
        _ => [record.GetType().Name, record.Id],
    };

    private static IEnumerable<string?> Lines(IEnumerable<LedgerLine> lines) =>
        lines.SelectMany(line => new[] { line.AccountId ?? line.AccountCode, Fingerprint.Number(line.Net), line.TaxType, line.Tax is { } tax ? Fingerprint.Number(tax) : null });

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Posted(LedgerStatus status) => status.IsInTheAccounts() ? "posted" : status is LedgerStatus.Draft or LedgerStatus.Submitted ? "draft" : "void";
}
