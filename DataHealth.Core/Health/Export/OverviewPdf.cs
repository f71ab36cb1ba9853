using System.Globalization;
using DataHealth.Core.Health.Scoring;
using SkiaSharp;

namespace DataHealth.Core.Health.Export;

/// <summary>
/// The overview as a PDF of A4 pages. Drawn with fonts that the assembly brings (DejaVu Sans, cut to Latin, Greek and Cyrillic letters), so that it looks the same on a machine that has none. A few pages:
/// made in memory.
/// </summary>
public static class OverviewPdf
{
    /// <summary>The media type.</summary>
    public const string ContentType = "application/pdf";

    private const float Right = PdfPages.Width - PdfPages.Margin;
    private const float Left = PdfPages.Margin;
    private static readonly SKColor Ink = new(0x22, 0x2B, 0x36);
    private static readonly SKColor Faint = new(0x6B, 0x75, 0x80);

    /// <summary>Renders it.</summary>
    public static byte[] Render(OverviewReport report)
    {
        using var output = new MemoryStream();
        using (var pages = new PdfPages(output, $"Data Health: {report.Client}", Footer(report)))
        {
            Head(pages, report);
            Checks(pages, report);
            Findings(pages, report);
            Coverage(pages, report);
            pages.Finish();
        }

        return output.ToArray();
    }

    private static string Footer(OverviewReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"Data Health, rules version {report.RulesVersion}, books as of {Money.Text(report.ReportingDate)}{(report.IsComplete ? "" : ", on partial data")}");

    private static void Head(PdfPages pages, OverviewReport report)
    {
        pages.Paragraph(report.Client, Left, Right - Left - 120, 20, isBold: true, Ink);
        if (report.Organisation is { } organisation && organisation != report.Client)
            pages.Paragraph(organisation, Left, Right - Left - 120, 11, isBold: false, Faint);
        pages.Paragraph($"{Money.Text(report.Period.From)} to {Money.Text(report.Period.To)}, judged as of {Money.Text(report.ReportingDate)}", Left, Right - Left - 120, 10, isBold: false, Ink);
        pages.Paragraph($"{report.OpenFindings.ToString("#,0", CultureInfo.InvariantCulture)} open findings. {(report.IsComplete ? "All data was complete." : "On partial data: see Coverage.")}", Left, Right - Left - 120, 10, isBold: false, Ink);
        pages.Badge(report.Percent is { } percent ? $"{percent} %" : "no score", Right - 50, PdfPages.Margin + 42, 42, Colour(report.Colour));
        pages.Space(34);
    }

    private static void Checks(PdfPages pages, OverviewReport report)
    {
        pages.Heading("Checks");
        pages.Row(10, isBold: true, Faint, ("Check", Left, 200, false), ("Share", 290, 50, true), ("Weight", 345, 50, true), ("Points", 400, 50, true), ("Open", 455, 40, true));
        foreach (var check in report.Checks.Where(check => check.Words is null))
        {
            pages.Row(10, isBold: false, Ink, (check.Title, Left, 245, false), (Share(check.Share), 290, 50, true), (Number(check.Weight), 345, 50, true), (Number(check.Points), 400, 50, true),
                (check.Open?.ToString("#,0", CultureInfo.InvariantCulture) ?? "", 455, 40, true));
        }

        foreach (var check in report.Checks.Where(check => check.Words is not null))
            pages.Paragraph($"{check.Title}: {check.Words}", Left, Right - Left, 9, isBold: false, Faint);
        pages.Space(10);
    }

    private static void Findings(PdfPages pages, OverviewReport report)
    {
        if (report.TopFindings.Count == 0)
            return;
        pages.Heading("Top findings");
        foreach (var finding in report.TopFindings)
        {
            var money = finding.Money is { } amount ? $", {report.BaseCurrency} {Money.Text(amount)} at risk" : "";
            pages.Paragraph($"{finding.Severity}: {finding.Check}{money}", Left, Right - Left, 9, isBold: true, finding.Severity == Severity.Error ? Colour(ScoreColour.Red) : Ink);
            pages.Paragraph(finding.Text, Left + 10, Right - Left - 10, 10, isBold: false, Ink);
        }

        pages.Space(10);
    }

    private static void Coverage(PdfPages pages, OverviewReport report)
    {
        pages.Heading("Coverage");
        foreach (var dataset in report.Coverage)
        {
            pages.Row(9, isBold: false, dataset.UpTo is null ? Colour(ScoreColour.Red) : Ink, (dataset.Title, Left, 250, false),
                (dataset.UpTo is { } upTo ? $"complete up to {upTo.UtcDateTime.ToString("d MMMM yyyy HH:mm", CultureInfo.InvariantCulture)} UTC" : "not copied to its end", 300, 250, false));
        }
    }

    private static SKColor Colour(ScoreColour? colour) => colour switch
    {
        ScoreColour.Teal => new(0x0F, 0x8B, 0x8D),
        ScoreColour.Amber => new(0xC7, 0x7D, 0x0A),
        ScoreColour.Red => new(0xB3, 0x26, 0x1E),
        _ => Faint,
    };

    private static string Share(decimal? share) => share is { } value ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((value * 100m) + 0.5m):0} %") : "";

    private static string Number(decimal? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "";
}
