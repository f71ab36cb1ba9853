using System.Text;

namespace DataHealth.Local.Sandbox.QuickBooks.Query;

internal enum TokenKind { Word, Text, Symbol, End }

internal readonly record struct Token(TokenKind Kind, string Value, int At)
{
    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Value.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts a query into words, quoted texts and symbols.</summary>
internal static class QueryLexer
{
    public static List<Token> Read(string query)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < query.Length)
        {
            var c = query[at];
            if (char.IsWhiteSpace(c))
            {
                at++;
            }
            else if (c == '\'')
            {
                tokens.Add(Text(query, ref at));
            }
            else if (char.IsLetterOrDigit(c) || c is '_' or '-' or '+')
            {
                var start = at;
                while (at < query.Length && (char.IsLetterOrDigit(query[at]) || query[at] is '_' or '.' or '-' or '+' or ':'))
                    at++;
                tokens.Add(new Token(TokenKind.Word, query[start..at], start));
            }
            else if (c is '<' or '>' or '!' && at + 1 < query.Length && query[at + 1] is '=' or '>')
            {
                tokens.Add(new Token(TokenKind.Symbol, query.Substring(at, 2), at));
                at += 2;
            }
            else if (c is '*' or '(' or ')' or ',' or '=' or '<' or '>')
            {
                tokens.Add(new Token(TokenKind.Symbol, c.ToString(), at++));
            }
            else
            {
                throw QueryException.Parse($"Invalid content. Lexical error at line 1, column {at + 1}. Encountered: \"{c}\"");
            }
        }

        tokens.Add(new Token(TokenKind.End, "", query.Length));
        return tokens;
    }

    private static Token Text(string query, ref int at)
    {
        var (start, text) = (at, new StringBuilder());
        for (at++; at < query.Length; at++)
        {
            if (query[at] == '\\' && at + 1 < query.Length && query[at + 1] is '\'' or '\\')
                text.Append(query[++at]);
            else if (query[at] == '\'')
            {
                at++;
                return new Token(TokenKind.Text, text.ToString(), start);
            }
            else
                text.Append(query[at]);
        }

        throw QueryException.Parse($"Invalid content. Lexical error at line 1, column {query.Length + 1}. Encountered: <EOF>");
    }
}
