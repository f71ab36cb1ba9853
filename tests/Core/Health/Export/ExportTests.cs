using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Export;
using DataHealth.Core.Health.Overview;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Health.Records;
using MiniExcelLibs;

namespace DataHealth.Core.Tests.Health.Export;

/// <summary>Exports as the programs that open them see them.</summary>
public sealed class ExportTests
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly string[] Formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_csv_has_numbers_days_and_texts_as_RFC_4180_says()
    {
        var csv = await CsvAsync(Of([new("A \"quoted\", one", Severity.Error, "two\r\nlines", -1234.5m, new(2026, 3, 1), "open", new DateTimeOffset(2026, 4, 1, 10, 30, 0, TimeSpan.FromHours(2)), null, 3, new Uri("https://go.xero.com/1"))]));

        csv.ShouldBe("Check,Severity,Finding,Money at risk,Since,State,First seen (UTC),Last seen (UTC),Records,Address\r\n"
            + "\"A \"\"quoted\"\", one\",Error,\"two\r\nlines\",-1234.5,2026-03-01,open,2026-04-01T08:30:00.000Z,,3,https://go.xero.com/1\r\n");
    }

    [Fact]
    public async Task A_formula_in_a_text_is_disarmed_in_csv_and_a_negative_number_stays_one()
    {
        foreach (var formula in Formulas)
        {
            var csv = await CsvAsync(new Grid("G", [new("Text"), new("Number")], Rows([formula, -5m])));

            csv.ShouldEndWith($"'{formula}\",-5\r\n", customMessage: formula);
        }
    }

    [Fact]
    public async Task A_formula_in_a_text_is_disarmed_in_a_workbook_and_no_cell_is_one()
    {
        var sheet = (await WorkbookAsync(new Grid("G", [new("Text"), new("Number")], Rows([.. Formulas.Select(formula => (IReadOnlyList<object?>)[formula, -5m])]))))["G"];

        sheet.Descendants(Main + "f").ShouldBeEmpty();
        Column(sheet, "A").Skip(1).ShouldBe(Formulas.Select(formula => "'" + formula.Replace('\r', '\n')), "XML knows one end of line");
        Column(sheet, "B").Skip(1).ShouldAllBe(text => text == "-5");
    }

    [Fact]
    public async Task In_a_workbook_numbers_are_numbers_and_days_are_dates()
    {
        var sheet = (await WorkbookAsync(Of([new("Check", Severity.Error, "Zoë & <Łódź> \u0001", 1234.5m, new(2026, 3, 1), "open", new DateTimeOffset(2026, 4, 1, 12, 0, 0, TimeSpan.Zero), null, 3, null)])))["Findings"];

        var cells = sheet.Descendants(Main + "c").Where(cell => cell.Attribute("r")!.Value.EndsWith('2')).ToDictionary(cell => cell.Attribute("r")!.Value, StringComparer.Ordinal);
        (cells["C2"].Attribute("t")?.Value, cells["C2"].Value).ShouldBe(("str", "Zoë & <Łódź>  "));
        (IsNumber(cells["D2"]), cells["D2"].Value).ShouldBe((true, "1234.5"));
        // Days since 30 December 1899.
        (IsNumber(cells["E2"]), cells["E2"].Value).ShouldBe((true, "46082"));
        (IsNumber(cells["G2"]), cells["G2"].Value).ShouldBe((true, "46113.5"));
        (IsNumber(cells["I2"]), cells["I2"].Value).ShouldBe((true, "3"));
    }

    [Fact]
    public async Task The_elements_of_a_sheet_are_in_the_order_that_the_format_asks_for()
    {
        var sheet = (await WorkbookAsync(new Grid("G", [new("Text")], Rows(["x"]))))["G"];

        sheet.Elements().Select(element => element.Name.LocalName).Where(name => name is "sheetData" or "autoFilter" or "drawing").ShouldBe(["sheetData", "autoFilter", "drawing"]);
        sheet.Element(Main + "sheetData")!.Elements().ShouldAllBe(element => element.Name == Main + "row");
    }

    [Fact]
    public async Task An_empty_grid_has_its_headings()
    {
        var grid = Of([]);

        Column((await WorkbookAsync(grid))["Findings"], "A")[0].ShouldBe("Check");
        (await CsvAsync(grid)).ShouldStartWith("Check,Severity");
    }

    [Fact]
    public async Task A_large_grid_goes_out_while_its_rows_come()
    {
        // The rows stop coming until the first of them have left.
        using var left = new SemaphoreSlim(0);
        await using var output = new Watched(() => left.Release());

        await Workbook.WriteAsync([new Grid("G", [new("Text", Width: 40)], WaitingAsync(left))], output, Stop);
        output.Inner.Position = 0;
        (await MiniExcel.QueryAsync(output.Inner, useHeaderRow: true, cancellationToken: Stop)).Count().ShouldBe(50_000);
        output.WroteSynchronously.ShouldBeFalse("a web server allows asynchronous writes only");

        async IAsyncEnumerable<IReadOnlyList<object?>> WaitingAsync(SemaphoreSlim first)
        {
            for (var row = 0; row < 50_000; row++)
            {
                if (row == 40_000)
                    (await first.WaitAsync(TimeSpan.FromMinutes(2), Stop)).ShouldBeTrue("nothing has left after 40,000 rows");
                yield return [Guid.NewGuid().ToString()];
            }
        }
    }

    [Fact]
    public async Task What_breaks_while_rows_come_breaks_the_export_and_nobody_waits()
    {
        var failing = new Grid("G", [new("Text")], FailingAsync());

        await Should.ThrowAsync<InvalidDataException>(() => Workbook.WriteAsync([failing], Stream.Null, Stop));
        await Should.ThrowAsync<InvalidDataException>(() => GridCsv.WriteAsync(failing, Stream.Null, Stop));
        await Should.ThrowAsync<IOException>(() => Workbook.WriteAsync([new Grid("G", [new("Text")], EndlessAsync())], new Broken(), Stop));

        static async IAsyncEnumerable<IReadOnlyList<object?>> FailingAsync()
        {
            await Task.Yield();
            yield return ["one"];
            throw new InvalidDataException("two");
        }

        static async IAsyncEnumerable<IReadOnlyList<object?>> EndlessAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                yield return [Guid.NewGuid().ToString()];
            }
        }
    }

    [Fact]
    public async Task The_overview_says_score_coverage_checks_and_the_worst_findings()
    {
        var report = await ReportAsync("harbour-cafe");

        report.Checks[0].Key.ShouldBe("bank-reconciliation", "the heaviest leads");
        report.Checks.Where(check => check.Weight is not null).Sum(check => check.Points!.Value).ShouldBe(report.Percent!.Value, 0.5m);
        report.TopFindings.Count.ShouldBe(HealthOverview.MostFindings);
        report.TopFindings.Select(finding => finding.Severity).ShouldBeInOrder(SortDirection.Descending);
        report.OpenFindings.ShouldBeGreaterThan(30);
        using var bytes = new MemoryStream();
        await OverviewWorkbook.WriteAsync(report, bytes, Stop);
        var sheets = Sheets(bytes);
        sheets.Keys.ShouldBe(["Overview", "Checks", "Top findings", "Coverage"]);
        Column(sheets["Overview"], "B")[3].ShouldBe(report.Percent.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Column(sheets["Top findings"], "C").Skip(1).ShouldBe(report.TopFindings.Select(finding => finding.Text));
        Column(sheets["Coverage"], "A")[1].ShouldBe("The book");
    }

    [Theory]
    [InlineData("harbour-cafe")]
    [InlineData("maple-joinery")]
    public async Task The_overview_is_a_pdf_with_its_own_fonts_and_the_same_each_time(string book)
    {
        var report = await ReportAsync(book) with { Client = "Zoë's Łódź Ελλάδα Кафе" };

        var pdf = OverviewPdf.Render(report);

        Encoding.ASCII.GetString(pdf.AsSpan(0, 5)).ShouldBe("%PDF-");
        var text = Encoding.Latin1.GetString(pdf);
        text.ShouldContain("%%EOF");
        text.ShouldContain("DejaVuSans", customMessage: "the font is in the file");
        text.ShouldContain("DejaVuSans-Bold");
        pdf.Length.ShouldBeInRange(20_000, 400_000);
        OverviewPdf.Render(report).ShouldBe(pdf);
    }

    [Fact]
    public async Task A_long_overview_takes_more_pages()
    {
        var report = await ReportAsync("harbour-cafe");
        var longer = report with { TopFindings = [.. Enumerable.Repeat(report.TopFindings[0] with { Text = new string('x', 300) + " " + string.Join(' ', Enumerable.Repeat("word", 200)) }, 40)] };

        Pages(OverviewPdf.Render(longer)).ShouldBeGreaterThan(Pages(OverviewPdf.Render(report)) + 3);
    }

    [Fact]
    public void A_report_without_a_score_is_a_page_of_its_own()
    {
        var report = new OverviewReport { Client = "New", ReportingDate = new(2026, 3, 31), Period = Period.MonthOf(new(2026, 3, 31)), RulesVersion = 1, Coverage = [new("Invoices", null)], Checks = [], TopFindings = [], OpenFindings = 0 };

        Pages(OverviewPdf.Render(report)).ShouldBe(1);
        report.IsComplete.ShouldBeFalse();
    }

    private static async Task<OverviewReport> ReportAsync(string book)
    {
        var (result, at) = (await LabelledBooksTests.JudgedAsync(book), DateTimeOffset.UnixEpoch);
        var kept = new KeptHealth(RecalculateHealth.HeadOf(new HealthVersion("1"), at, result), KeptFinding.Merge([], result.Outcomes, at));
        return OverviewReport.Of(book, HealthOverview.Of(new JudgedHealth(kept, new FindingNotes(null, new Dictionary<string, Dismissal>(), new Dictionary<string, FindingLabel>()), null)));
    }

    private static Grid Of(IEnumerable<FindingRow> findings) => FindingGrid.Of(findings.ToAsyncEnumerable());

    private static IAsyncEnumerable<IReadOnlyList<object?>> Rows(params IEnumerable<IReadOnlyList<object?>> rows) => rows.ToAsyncEnumerable();

    private static async Task<string> CsvAsync(Grid grid)
    {
        await using var output = new Watched(() => { });
        await GridCsv.WriteAsync(grid, output, Stop);
        output.WroteSynchronously.ShouldBeFalse("a web server allows asynchronous writes only");
        return Encoding.UTF8.GetString(output.Inner.ToArray());
    }

    private static async Task<Dictionary<string, XElement>> WorkbookAsync(Grid grid)
    {
        using var bytes = new MemoryStream();
        await Workbook.WriteAsync([grid], bytes, Stop);
        return Sheets(bytes);
    }

    private static Dictionary<string, XElement> Sheets(MemoryStream bytes)
    {
        bytes.Position = 0;
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true);
        var names = Part(zip, "xl/workbook.xml").Descendants(Main + "sheet").Select(sheet => sheet.Attribute("name")!.Value).ToList();
        return names.Select((name, at) => (name, Sheet: Part(zip, $"xl/worksheets/sheet{at + 1}.xml"))).ToDictionary(one => one.name, one => one.Sheet, StringComparer.Ordinal);
    }

    private static XElement Part(ZipArchive zip, string name)
    {
        using var part = zip.GetEntry(name)!.Open();
        return XElement.Load(part, LoadOptions.PreserveWhitespace);
    }

    private static List<string> Column(XElement sheet, string column) => [.. sheet.Descendants(Main + "c").Where(cell => cell.Attribute("r")!.Value.TrimEnd([.. "0123456789"]) == column).Select(cell => cell.Value.Replace("_x000D_", "\r", StringComparison.Ordinal))];

    private static bool IsNumber(XElement cell) => cell.Attribute("t")?.Value is null or "n";

    private static int Pages(byte[] pdf) => System.Text.RegularExpressions.Regex.Count(Encoding.Latin1.GetString(pdf), "/Type /Page\\b(?!s)");

    /// <summary>Sees how it is written.</summary>
    private sealed class Watched(Action written) : Stream
    {
        public MemoryStream Inner { get; } = new();

        public bool WroteSynchronously { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Inner.Length;

        public override long Position { get => Inner.Position; set => throw new NotSupportedException(); }

        public override void Flush() => WroteSynchronously = true;

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            WroteSynchronously = true;
            Inner.Write(buffer, offset, count);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Inner.Write(buffer.Span);
            written();
            return default;
        }
    }

    /// <summary>A caller that has gone.</summary>
    private sealed class Broken : MemoryStream
    {
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new IOException("gone");

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");
    }
}
