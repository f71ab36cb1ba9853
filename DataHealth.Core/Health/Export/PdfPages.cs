using SkiaSharp;

namespace DataHealth.Core.Health.Export;

/// <summary>A4 pages that fill from top to bottom; a new one begins where the next line would not fit. Lengths are points.</summary>
internal sealed class PdfPages : IDisposable
{
    public const float Width = 595;
    public const float Margin = 45;
    private const float Height = 842;
    private readonly string _footer;
    private readonly SKTypeface _regular = Face("DejaVuSans.ttf");
    private readonly SKTypeface _bold = Face("DejaVuSans-Bold.ttf");
    private readonly SKDocument _document;
    private SKCanvas _canvas;
    private float _y = Margin;
    private int _page;

    public PdfPages(Stream output, string title, string footer)
    {
        _footer = footer;
        _document = SKDocument.CreatePdf(output, new SKDocumentPdfMetadata { Title = title, Producer = "Data Health", RasterDpi = 72 });
        _canvas = Begin();
    }

    public void Space(float points) => _y += points;

    public void Heading(string text)
    {
        Room(60);
        _y += 6;
        Text(text, Margin, 13, isBold: true, new(0x22, 0x2B, 0x36));
        _y += 20;
    }

    /// <summary>A line of cells; a text that is too wide for its cell is cut.</summary>
    public void Row(float size, bool isBold, SKColor colour, params ReadOnlySpan<(string Text, float X, float Width, bool IsRight)> cells)
    {
        Room(size * 1.6f);
        using var font = Font(size, isBold);
        foreach (var (text, x, width, isRight) in cells)
        {
            var fitting = Cut(text, width, font);
            Text(fitting, isRight ? x + width - font.MeasureText(fitting) : x, size, isBold, colour);
        }

        _y += size * 1.6f;
    }

    /// <summary>Text over as many lines as it takes.</summary>
    public void Paragraph(string text, float x, float width, float size, bool isBold, SKColor colour)
    {
        using var font = Font(size, isBold);
        foreach (var line in Lines(text, width, font))
        {
            Room(size * 1.45f);
            Text(line, x, size, isBold, colour);
            _y += size * 1.45f;
        }
    }

    /// <summary>A filled circle with a word in it, wherever the lines stand.</summary>
    public void Badge(string text, float x, float y, float radius, SKColor colour)
    {
        using var fill = new SKPaint { Color = colour, IsAntialias = true };
        using var white = new SKPaint { Color = SKColors.White, IsAntialias = true };
        using var font = Font(text.Length > 6 ? 14 : 22, isBold: true);
        _canvas.DrawCircle(x, y, radius, fill);
        _canvas.DrawText(text, x, y + (font.Size * 0.36f), SKTextAlign.Center, font, white);
    }

    public void Finish()
    {
        End();
        _document.Close();
    }

    public void Dispose()
    {
        _document.Dispose();
        _regular.Dispose();
        _bold.Dispose();
    }

    private static SKTypeface Face(string name)
    {
        using var stream = typeof(PdfPages).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The font {name} is not in the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The font {name} cannot be read.");
    }

    private SKFont Font(float size, bool isBold) => new(isBold ? _bold : _regular, size);

    private void Room(float height)
    {
        if (_y + height <= Height - Margin)
            return;
        End();
        _canvas = Begin();
    }

    private SKCanvas Begin()
    {
        _page++;
        _y = Margin;
        return _document.BeginPage(Width, Height);
    }

    private void End()
    {
        using var font = Font(8, isBold: false);
        using var paint = new SKPaint { Color = new(0x6B, 0x75, 0x80), IsAntialias = true };
        _canvas.DrawText(_footer, Margin, Height - 24, SKTextAlign.Left, font, paint);
        _canvas.DrawText($"{_page}", Width - Margin, Height - 24, SKTextAlign.Right, font, paint);
        _document.EndPage();
    }

    private void Text(string text, float x, float size, bool isBold, SKColor colour)
    {
        using var font = Font(size, isBold);
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        _canvas.DrawText(text, x, _y + size, SKTextAlign.Left, font, paint);
    }

    private static string Cut(string text, float width, SKFont font)
    {
        if (font.MeasureText(text) <= width)
            return text;
        var length = text.Length;
        while (length > 0 && font.MeasureText(string.Concat(text.AsSpan(0, length), "…")) > width)
            length--;
        return string.Concat(text.AsSpan(0, length), "…");
    }

    private static IEnumerable<string> Lines(string text, float width, SKFont font)
    {
        var line = "";
        foreach (var word in text.Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (font.MeasureText(longer) <= width)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0)
                yield return line;
            line = Cut(word, width, font);
        }

        if (line.Length > 0)
            yield return line;
    }
}
