using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    /// <summary>Credit notes that no invoice uses yet: planted, at negative indexes so that they never meet an invoice's.</summary>
    public int LooseCredits => Math.Max(2, Invoices / 3000);

    private Document Allocate(Document invoice, int index, Fate fate, DateOnly day, ref Rng random)
    {
        var kind = fate switch { Fate.Credited => DocumentKind.CreditNote, Fate.Overpaid => DocumentKind.Overpayment, _ => DocumentKind.Prepayment };
        var credit = Credit(invoice, index, kind, day);
        var amount = Math.Min(credit.Total, invoice.Total);
        var part = new Allocation(IdOf(Kinds.Allocation, index), kind, credit.Id, credit.Number, day, amount, credit.Total);
        return (invoice with { Allocations = [part], UpdatedUtc = Moment(day, ref random, 15) }).Settled();
    }

    /// <summary>The credit that the i-th invoice was settled with, or a loose one.</summary>
    public Document CreditOf(int index)
    {
        if (index < 0)
            return Loose(-index - 1);
        var invoice = Invoice(index);
        var part = invoice.Allocations[0];
        var credit = Credit(invoice with { Allocations = [] }, index, part.Source, part.Date);
        var used = new Allocation(part.Id, part.Source, invoice.Id, invoice.Number, part.Date, part.Amount, credit.Total);
        return (credit with { Allocations = [used] }).Settled();
    }

    private Document Credit(Document invoice, int index, DocumentKind kind, DateOnly day)
    {
        var random = Random(Kinds.CreditNote, index);
        var id = random.Guid();
        var sale = invoice.IsSale;
        var whole = random.PerMille(400);
        var first = invoice.Lines[0];
        var control = Chart.Accounts[Chart[sale ? "610" : "800"]];
        var types = kind == DocumentKind.CreditNote ? invoice.LineAmountTypes : "NoTax";
        var extra = kind == DocumentKind.Overpayment && random.PerMille(500) ? random.Money(500, 20_000) : 0m;
        var lines = kind switch
        {
            DocumentKind.CreditNote when whole => [.. invoice.Lines.Select(line => line with { Id = random.Guid() })],
            DocumentKind.CreditNote =>
            [
                NewLine(ref random, "Credit: " + first.Description, 1m, Math.Max(0.01m, Round(first.LineAmount / 2m)), first.Account, first.Tax, types),
            ],
            DocumentKind.Overpayment => (List<Line>)[NewLine(ref random, "Overpayment", 1m, invoice.Total + extra, control, Taxes.ByRole("N"), types)],
            _ => [NewLine(ref random, "Deposit", 1m, Math.Max(0.01m, Round(invoice.Total * 4 / 10m)), control, Taxes.ByRole("N"), types)],
        };
        return (invoice with
        {
            Id = id,
            Kind = kind,
            Type = kind switch
            {
                DocumentKind.CreditNote => sale ? "ACCRECCREDIT" : "ACCPAYCREDIT",
                DocumentKind.Overpayment => sale ? "RECEIVE-OVERPAYMENT" : "SPEND-OVERPAYMENT",
                _ => sale ? "RECEIVE-PREPAYMENT" : "SPEND-PREPAYMENT",
            },
            Number = kind == DocumentKind.CreditNote ? string.Create(CultureInfo.InvariantCulture, $"CN-{(index < 0 ? 900_000 - index : index + 1):000000}") : "",
            Reference = "",
            State = "AUTHORISED",
            Date = day,
            DueDate = null,
            LineAmountTypes = types,
            Lines = lines,
            Payments = [],
            Allocations = [],
            HasAttachments = false,
            UpdatedUtc = Moment(day, ref random, 15),
        }).Summed();
    }

    private Document Loose(int number)
    {
        var random = Random(Kinds.CreditNote, -number - 1, 1);
        var sale = number % 2 == 0;
        var contact = sale ? number % Customers : Customers + (number % Suppliers);
        // Never over the border between the two: a supplier is not a customer elsewhere.
        for (var tries = 0; ContactCurrency(contact) != Taxes.Currency; tries++)
            contact = sale ? (number + tries) % Customers : Customers + ((number + tries) % Suppliers);
        var day = LastDay.AddDays(-random.Between(100, 500));
        var account = sale ? Chart.Accounts[Chart["200"]] : UsualAccount(contact);
        var line = NewLine(ref random, "Goods returned", 1m, random.Money(2_000, 40_000), account, Taxes.ByType(account.TaxType), "Exclusive");
        var basis = new Document
        {
            Kind = DocumentKind.Invoice,
            Id = Guid.Empty,
            UpdatedUtc = default,
            Type = sale ? "ACCREC" : "ACCPAY",
            State = "AUTHORISED",
            Contact = contact,
            ContactId = ContactId(contact),
            ContactName = ContactName(contact),
            Date = day,
            LineAmountTypes = "Exclusive",
            Currency = Taxes.Currency,
            Lines = [line],
        };
        return Credit(basis.Summed(), -number - 1, DocumentKind.CreditNote, day);
    }

    /// <summary>The bank entry that brought an over- or prepayment.</summary>
    public Document BankEntryOf(int invoice)
    {
        var credit = CreditOf(invoice);
        var random = Random(Kinds.BankTransaction, invoice, 7);
        return credit with
        {
            Id = random.Guid(),
            Kind = DocumentKind.BankTransaction,
            State = "AUTHORISED",
            Allocations = [],
            FullyPaidOn = null,
            Bank = Chart.Accounts[Chart["090"]],
            IsReconciled = true,
            Brought = credit.Id,
        };
    }
}
