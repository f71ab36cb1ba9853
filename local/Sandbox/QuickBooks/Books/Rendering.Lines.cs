using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Lines and tax of documents.</summary>
internal sealed partial class Rendering
{
    private JsonArray SaleLines(Document document, bool voided)
    {
        var lines = new JsonArray();
        var number = 0;
        foreach (var line in document.Lines)
        {
            var (net, quantity) = voided ? (0m, 0m) : (Net(document, line), line.Quantity);
            var item = fixedEntities.ItemFor(line.Account, line.Item is null ? null : ItemNumber(line.Item));
            var detail = new JsonObject { ["ItemRef"] = Json.Ref(item.Id, item.Name) };
            if (Class(document, line) is { } tracked)
                detail["ClassRef"] = tracked;
            detail["UnitPrice"] = voided ? 0m : Price(net, line);
            detail["Qty"] = quantity;
            detail["ItemAccountRef"] = AccountRef(line.Account);
            detail["TaxCodeRef"] = TaxCodeRef(line.Tax);
            if (document.LineAmountTypes == "Inclusive" && !IsUs && !voided)
                detail["TaxInclusiveAmt"] = line.LineAmount;
            lines.Add(Line(++number, line.Description, net, "SalesItemLineDetail", detail));
        }

        lines.Add(new JsonObject { ["Amount"] = voided ? 0m : document.SubTotal, ["DetailType"] = "SubTotalLineDetail", ["SubTotalLineDetail"] = new JsonObject() });
        return lines;
    }

    private JsonArray ExpenseLines(Document document)
    {
        var lines = new JsonArray();
        var number = 0;
        foreach (var line in document.Lines)
        {
            var detail = new JsonObject { ["AccountRef"] = AccountRef(line.Account) };
            if (Class(document, line) is { } tracked)
                detail["ClassRef"] = tracked;
            detail["BillableStatus"] = "NotBillable";
            detail["TaxCodeRef"] = TaxCodeRef(line.Tax);
            if (!IsUs && document.LineAmountTypes != "NoTax")
                detail["TaxAmount"] = line.TaxAmount;
            if (document.LineAmountTypes == "Inclusive" && !IsUs)
                detail["TaxInclusiveAmt"] = line.LineAmount;
            lines.Add(Line(++number, line.Description, Net(document, line), "AccountBasedExpenseLineDetail", detail));
        }

        return lines;
    }

    private static JsonObject Line(int number, string description, decimal amount, string kind, JsonObject detail) => new()
    {
        ["Id"] = EntityBook.Text(number),
        ["LineNum"] = number,
        ["Description"] = description,
        ["Amount"] = amount,
        ["DetailType"] = kind,
        [kind] = detail,
    };

    /// <summary>Amounts of lines are without tax, whatever the document shows; TaxInclusiveAmt has it included.</summary>
    private static decimal Net(Document document, Line line) => document.LineAmountTypes == "Inclusive" ? line.LineAmount - line.TaxAmount : line.LineAmount;

    private static decimal Price(decimal net, Line line) => line.Quantity == 0 ? 0m : Math.Round(net / line.Quantity, 7) / 1.0000000m;

    /// <summary>The company uses classes: what has none of its own has its contact's region.</summary>
    private JsonObject? Class(Document document, Line line) => document.NoClass ? null
        : (line.Tracking is { } tracking ? fixedEntities.ClassRef(tracking) : null) ?? fixedEntities.ClassRef(_company.TrackingOf(document.Contact % 5));

    private JsonObject? Department(Document document) =>
        document.Lines.Select(line => line.Tracking).OfType<Bag>().Select(fixedEntities.DepartmentRef).FirstOrDefault(found => found is not null);

    private JsonObject TaxCodeRef(TaxRate tax) => Json.Ref(fixedEntities.TaxCode(tax));

    private JsonObject TaxDetail(Document document, bool voided)
    {
        var detail = new JsonObject();
        if (IsUs && document.TotalTax != 0)
            detail["TxnTaxCodeRef"] = Json.Ref("2");
        detail["TotalTax"] = voided ? 0m : document.TotalTax;
        if (voided || document.LineAmountTypes == "NoTax")
            return detail;
        var lines = new JsonArray();
        foreach (var group in document.Lines.Where(line => line.Tax.Rate != 0 || !IsUs).GroupBy(line => line.Tax.Type))
        {
            var tax = group.First().Tax;
            lines.Add(new JsonObject
            {
                ["Amount"] = group.Sum(line => line.TaxAmount),
                ["DetailType"] = "TaxLineDetail",
                ["TaxLineDetail"] = new JsonObject
                {
                    ["TaxRateRef"] = Json.Ref(fixedEntities.TaxRate(tax)),
                    ["PercentBased"] = true,
                    ["TaxPercent"] = tax.Rate,
                    ["NetAmountTaxable"] = group.Sum(line => Net(document, line)),
                },
            });
        }

        detail["TaxLine"] = lines;
        return detail;
    }

    private void TaxCalculation(JsonObject json, Document document)
    {
        if (IsUs)
            return;
        json["GlobalTaxCalculation"] = document.LineAmountTypes switch { "Inclusive" => "TaxInclusive", "Exclusive" => "TaxExcluded", _ => "NotApplicable" };
    }

    private static int ItemNumber(string code) => int.Parse(code.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture) - 1;
}
