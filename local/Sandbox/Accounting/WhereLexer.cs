using System.Globalization;
using System.Text;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>A where clause or an order that cannot be read; the message is what Xero would answer.</summary>
internal sealed class QueryParseException(string message) : Exception(message);

internal enum TokenKind { Name, Text, Number, Sign, End }

internal readonly record struct Token(TokenKind Kind, string Text, decimal Number = 0)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;
}

/// <summary>Cuts a where clause into tokens.</summary>
internal static class WhereLexer
{
    private static readonly string[] Signs = ["==", "!=", "<>", ">=", "<=", "&&", "||", ">", "<", "=", "(", ")", ",", ".", "!", "-"];

    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            var first = text[at];
            if (char.IsWhiteSpace(first))
                at++;
            else if (first is '"' or '\'')
                tokens.Add(ReadText(text, ref at));
            else if (char.IsAsciiDigit(first))
                tokens.Add(ReadNumber(text, ref at));
            else if (char.IsLetter(first) || first == '_')
                tokens.Add(new Token(TokenKind.Name, ReadWhile(text, ref at, c => char.IsLetterOrDigit(c) || c == '_')));
            else if (Signs.FirstOrDefault(sign => string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0) is { } found)
            {
                tokens.Add(new Token(TokenKind.Sign, found));
                at += found.Length;
            }
            else
                throw new QueryParseException($"Syntax error '{first}'");
        }

        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    private static Token ReadText(string text, ref int at)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        while (true)
        {
            if (at >= text.Length)
                throw new QueryParseException("Unterminated string literal");
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                value.Append(text[at + 1]);
                at += 2;
            }
            else if (text[at] != quote)
                value.Append(text[at++]);
            else if (at + 1 < text.Length && text[at + 1] == quote)
            {
                value.Append(quote);
                at += 2;
            }
            else
            {
                at++;
                return new Token(TokenKind.Text, value.ToString());
            }
        }
    }

    private static Token ReadNumber(string text, ref int at)
    {
        var digits = ReadWhile(text, ref at, c => char.IsAsciiDigit(c) || c == '.');
        if (at < text.Length && text[at] is 'm' or 'M' or 'd' or 'D' or 'f' or 'F')
            at++;
        return decimal.TryParse(digits, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? new Token(TokenKind.Number, digits, number)
            : throw new QueryParseException($"Invalid real literal '{digits}'");
    }

    private static string ReadWhile(string text, ref int at, Func<char, bool> belongs)
    {
        var from = at;
        while (at < text.Length && belongs(text[at]))
            at++;
        return text[from..at];
    }
}
