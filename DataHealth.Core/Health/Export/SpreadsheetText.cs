namespace DataHealth.Core.Health.Export;

/// <summary>Texts that go into cells. What a spreadsheet would take for a formula is disarmed by an apostrophe (OWASP: CSV injection); numbers and dates are cells of their own type and stay as they are.</summary>
internal static class SpreadsheetText
{
    /// <summary>Characters that begin a formula, or hide one that follows.</summary>
    public const string FormulaStarts = "=+-@\t\r";

    /// <summary>The most that a cell of a workbook holds.</summary>
    public const int MostCharacters = 32_767;

    /// <summary>For a workbook's cell: disarmed, cut to what it holds, without what XML cannot say.</summary>
    public static string Cell(string text)
    {
        var safe = text.Length > 0 && FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        safe = safe.Length > MostCharacters ? safe[..MostCharacters] : safe;
        return safe.Any(IsBroken) ? string.Concat(safe.Select(character => IsBroken(character) ? ' ' : character)) : safe;
    }

    private static bool IsBroken(char character) => (character < ' ' && character is not ('\t' or '\r' or '\n')) || character is '\uFFFE' or '\uFFFF';
}
