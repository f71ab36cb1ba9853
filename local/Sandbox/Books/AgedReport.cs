using System.Text.Json.Nodes;

namespace DataHealth.Local.Sandbox.Books;

/// <summary>Unpaid invoices or bills of one contact, as they stood on a day.</summary>
internal sealed class AgedReport(DateOnly today, IEnumerable<Document> invoices, Func<Guid, string?> nameOf)
{
    public JsonObject Report(string name, IReadOnlyDictionary<string, string> parameters)
    {
        if (!Guid.TryParse(ReportTree.Find(parameters, "contactId"), out var contact))
            throw new ArgumentException("The parameter contactId is required.");
        var date = ReportTree.Date(parameters, "date") ?? today;
        var from = ReportTree.Date(parameters, "fromDate") ?? DateOnly.MinValue;
        var to = ReportTree.Date(parameters, "toDate") ?? date;
        var sales = name == "AgedReceivablesByContact";
        var who = nameOf(contact) ?? throw new ArgumentException("The contact does not exist.");
        var sums = new decimal[4];
        var rows = new List<JsonNode>();
        foreach (var invoice in invoices.Where(i => i.State is "AUTHORISED" or "PAID")
            .Where(i => i.ContactId == contact && i.IsSale == sales && i.Date >= from && i.Date <= to).OrderBy(i => i.Date).ThenBy(i => i.Id))
        {
            var paid = invoice.Payments.Where(p => p.Date <= date).Sum(p => p.Amount);
            var credited = invoice.Allocations.Where(a => a.Date <= date).Sum(a => a.Amount);
            decimal[] cells = [invoice.Total, paid, credited, invoice.Total - paid - credited];
            if (cells[3] == 0)
                continue;
            for (var i = 0; i < 4; i++)
                sums[i] += cells[i];
            rows.Add(ReportTree.Row(
                [
                    Text(invoice.Date), invoice.Number,
                    invoice.DueDate is { } due ? Text(due) : "",
                    invoice.Currency, .. cells.Select(ReportTree.Amount),
                ],
                invoice.Id, "invoiceID"));
        }

        rows.Add(ReportTree.Summary(["Total", "", "", "", .. sums.Select(ReportTree.Amount)]));
        var title = sales ? "Aged Receivables By Contact" : "Aged Payables By Contact";
        return ReportTree.Report(name, title, name, [sales ? "Invoices" : "Bills", who, "To " + ReportTree.Long(to), "Showing payments to " + ReportTree.Long(date)],
            today, [ReportTree.Header("Date", "Number", "Due Date", "Currency", "Total", "Paid", "Credited", "Due"), ReportTree.Section("", rows)]);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) + "T00:00:00";
}
