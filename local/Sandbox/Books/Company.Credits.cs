using System.Globalization;

namespace DataHealth.Local.Sandbox.Books;

internal sealed partial class Company
{
    private Document Allocate(Document invoice, int index, Fate fate, DateOnly day, ref Rng random)
    {
        var kind = fate switch { Fate.Credited => DocumentKind.CreditNote, Fate.Overpaid => DocumentKind.Overpayment, _ => DocumentKind.Prepayment };
        var credit = Credit(invoice, index, kind, day);
        var amount = Math.Min(credit.Total, invoice.Total);
        var part = new Allocation(IdOf(Kinds.Allocation, index), kind, credit.Id, credit.Number, day, amount, credit.Total);
        return (invoice with { Allocations = [part], UpdatedUtc = Moment(day, ref random, 15) }).Settled();
    }

    /// <summary>An invoice that an overpayment settles in full.</summary>
    public Document UsedUp(Document invoice, int index, DateOnly day)
    {
        var random = Random(Kinds.CreditNote, index, 2);
        return Allocate(invoice, index, Fate.Overpaid, day, ref random);
    }

    /// <summary>The credit that the i-th invoice was settled with; planted ones have negative indexes, so that they never meet an invoice's.</summary>
    public Document CreditOf(int index)
    {
        if (index < 0)
            return Planting.Credits[-index - 1];
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
        var lines = kind switch
        {
            DocumentKind.CreditNote when whole => [.. invoice.Lines.Select(line => line with { Id = random.Guid() })],
            DocumentKind.CreditNote =>
            [
                NewLine(ref random, "Credit: " + first.Description, 1m, Math.Max(0.01m, Round(first.LineAmount / 2m)), first.Account, first.Tax, types),
            ],
            DocumentKind.Overpayment => (List<Line>)[NewLine(ref random, "Overpayment", 1m, invoice.Total, control, Taxes.ByRole("N"), types)],
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
            Number = kind == DocumentKind.CreditNote ? string.Create(CultureInfo.InvariantCulture, $"CN-{index + 1:000000}") : "",
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
