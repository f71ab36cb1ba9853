using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Sets fields of a record by name; without names, the one that a person would most likely change.</summary>
internal static class RecordFields
{
    private static readonly HashSet<string> TextFields = new(StringComparer.Ordinal)
    {
        "Name", "FirstName", "LastName", "EmailAddress", "TaxNumber", "AccountNumber", "BankAccountDetails", "PurchasesDefaultAccountCode",
        "SalesDefaultAccountCode", "AccountsPayableTaxType", "Narration", "Description", "Reference",
    };

    private static readonly HashSet<string> DateFields = new(StringComparer.Ordinal) { "PeriodLockDate", "EndOfYearLockDate" };

    private static readonly HashSet<string> FlagFields = new(StringComparer.Ordinal) { "IsSubscriber", "HasAttachments", "FromIsReconciled", "ToIsReconciled" };

    public static BookRecord? Set(BookRecord record, BooksEdit edit, DateTime? at)
    {
        var set = edit.Set ?? new Dictionary<string, string> { [Usual(record)] = string.Create(CultureInfo.InvariantCulture, $"Changed {edit.Salt % 1_000_000}") };
        return record switch
        {
            Document document => Of(document, set, at),
            Payment payment => Of(payment, set, at),
            BagRecord bag => Of(bag, set, at),
            _ => null,
        };
    }

    private static string Usual(BookRecord record) => record is not BagRecord bag ? "Reference" : bag.Fields switch
    {
        var f when f["ContactNumber"] is not null => "LastName",
        var f when f["Narration"] is not null => "Narration",
        var f when f["LastName"] is not null => "LastName",
        var f when f["Reference"] is not null => "Reference",
        _ => "Name",
    };

    private static Document? Of(Document document, IReadOnlyDictionary<string, string> set, DateTime? at)
    {
        foreach (var (name, value) in set)
        {
            switch (name)
            {
                case "Reference": document = document with { Reference = value }; break;
                case "DueDate": document = document with { DueDate = DateOnly.Parse(value, CultureInfo.InvariantCulture) }; break;
                case "IsReconciled": document = document with { IsReconciled = bool.Parse(value) }; break;
                case "HasAttachments": document = document with { HasAttachments = bool.Parse(value) }; break;
                case "SentToContact": document = document with { SentToContact = bool.Parse(value) }; break;
                case "Description" or "UnitAmount":
                    if (document.Payments.Count > 0 || document.Allocations.Count > 0 || document.IsDead || document.Brought is not null)
                        return null;
                    document = (document with { Lines = [Line(document, name, value), .. document.Lines.Skip(1)] }).Summed();
                    break;
                default: return null;
            }
        }

        return document with { UpdatedUtc = at ?? document.UpdatedUtc };
    }

    private static Line Line(Document document, string name, string value)
    {
        var line = document.Lines[0];
        if (name == "Description")
            return line with { Description = value };
        var random = new Rng(0);
        return Company.NewLine(ref random, line.Description, line.Quantity, decimal.Parse(value, CultureInfo.InvariantCulture), line.Account, line.Tax,
            document.LineAmountTypes, line.Discount, line.Item, line.Tracking) with
        { Id = line.Id };
    }

    private static Payment? Of(Payment payment, IReadOnlyDictionary<string, string> set, DateTime? at)
    {
        foreach (var (name, value) in set)
        {
            switch (name)
            {
                case "Reference": payment = payment with { Reference = value }; break;
                case "IsReconciled": payment = payment with { IsReconciled = bool.Parse(value) }; break;
                default: return null;
            }
        }

        return payment with { UpdatedUtc = at ?? payment.UpdatedUtc };
    }

    private static BagRecord? Of(BagRecord record, IReadOnlyDictionary<string, string> set, DateTime? at)
    {
        var fields = record.Fields;
        foreach (var (name, value) in set)
        {
            if (TextFields.Contains(name))
                fields = fields.With(name, value);
            else if (DateFields.Contains(name))
                fields = fields.With(name, value.Length == 0 ? null : DateOnly.Parse(value, CultureInfo.InvariantCulture));
            else if (FlagFields.Contains(name))
                fields = fields.With(name, bool.Parse(value));
            else
                return null;
        }

        return CompanyBooks.Moved(record with { Fields = fields }, at);
    }
}
