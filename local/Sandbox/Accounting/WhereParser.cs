using System.Globalization;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.Accounting;

/// <summary>A parsed where clause.</summary>
/// <param name="Matches">Whether a record satisfies it.</param>
/// <param name="Fields">The paths that it names.</param>
/// <param name="CallsMethods">Whether something other than a comparison is done with one.</param>
internal sealed record WhereClause(Func<BookRecord, bool> Matches, IReadOnlySet<string> Fields, bool CallsMethods);

/// <summary>Reads the part of Xero's where language that clients send: comparisons, AND, OR, !, parentheses, Guid(), DateTime(), Contains and its kin.</summary>
internal sealed class WhereParser
{
    private readonly Endpoint _endpoint;
    private readonly List<Token> _tokens;
    private readonly HashSet<string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private bool _methods;
    private int _at;

    private WhereParser(Endpoint endpoint, string text)
    {
        _endpoint = endpoint;
        _tokens = WhereLexer.Read(text);
    }

    private delegate object? Operand(BookRecord record);

    private Token Now => _tokens[_at];

    public static WhereClause Parse(Endpoint endpoint, string text)
    {
        var parser = new WhereParser(endpoint, text);
        var condition = parser.Or(0);
        if (parser.Now.Kind != TokenKind.End)
            throw new QueryParseException("Syntax error");
        return new WhereClause(condition, parser._fields, parser._methods);
    }

    private Func<BookRecord, bool> Or(int depth)
    {
        var left = And(depth);
        while (TakeSign("||") || TakeWord("OR"))
        {
            var (one, other) = (left, And(depth));
            left = record => one(record) || other(record);
        }

        return left;
    }

    private Func<BookRecord, bool> And(int depth)
    {
        var left = Unary(depth);
        while (TakeSign("&&") || TakeWord("AND"))
        {
            var (one, other) = (left, Unary(depth));
            left = record => one(record) && other(record);
        }

        return left;
    }

    private Func<BookRecord, bool> Unary(int depth)
    {
        if (depth > 50)
            throw new QueryParseException("Expression is nested too deeply");
        if (TakeSign("!") || TakeWord("NOT"))
        {
            var inner = Unary(depth + 1);
            return record => !inner(record);
        }

        if (TakeSign("("))
        {
            var inner = Or(depth + 1);
            Expect(")");
            return inner;
        }

        return Comparison();
    }

    private Func<BookRecord, bool> Comparison()
    {
        var left = Value();
        if (Now.Kind != TokenKind.Sign || Now.Text is not ("==" or "=" or "!=" or "<>" or ">=" or "<=" or ">" or "<"))
            return record => left(record) is true;
        var sign = Now.Text;
        _at++;
        var right = Value();
        return record => Compare(left(record), sign, right(record));
    }

    private Operand Value()
    {
        var token = Now;
        _at++;
        switch (token.Kind)
        {
            case TokenKind.Text:
                return _ => token.Text;
            case TokenKind.Number:
                return _ => token.Number;
            case TokenKind.Sign when token.Text == "-" && Now.Kind == TokenKind.Number:
                var number = -Now.Number;
                _at++;
                return _ => number;
            case TokenKind.Name:
                return Named(token.Text);
            default:
                throw new QueryParseException(token.Kind == TokenKind.End ? "Expression expected" : "Syntax error");
        }
    }

    private Operand Named(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "TRUE":
                return _ => true;
            case "FALSE":
                return _ => false;
            case "NULL":
                return _ => null;
            case "GUID":
                TakeParse();
                var guid = Guid.TryParse(Single(Arguments()) as string, out var id) ? id : throw new QueryParseException("Guid should contain 32 digits with 4 dashes");
                return _ => guid;
            case "DATETIME":
                TakeParse();
                var moment = Moment(Arguments());
                return _ => moment;
            default:
                return Field(name);
        }
    }

    private Operand Field(string name)
    {
        if (!_endpoint.Fields.Contains(name))
            throw new QueryParseException($"No property or field '{name}' exists in type '{_endpoint.Name.TrimEnd('s')}'");
        var path = name;
        Operand? made = null;
        while (TakeSign("."))
        {
            var part = Now.Kind == TokenKind.Name ? Now.Text : throw new QueryParseException("Identifier expected");
            _at++;
            if (Now.Is("("))
                made = Method(made ?? At(path), part);
            else if (Member(made ?? At(path), part, isDate: path.Contains("Date", StringComparison.OrdinalIgnoreCase)) is { } member)
                made = member;
            else if (made is null)
                path += "." + part;
            else
                throw new QueryParseException($"No property or field '{part}' exists in type 'String'");
        }

        _fields.Add(path);
        return made ?? At(path);
    }

    private static Operand At(string path) => record => record.Field(path);

    /// <summary>What .NET gives a text, a moment or a value that may be absent; null for a name that is a field of the record.</summary>
    private static Operand? Member(Operand of, string name, bool isDate) => name.ToUpperInvariant() switch
    {
        "VALUE" => of,
        "HASVALUE" => record => of(record) is not null,
        "LENGTH" => record => of(record) is string text ? (decimal)text.Length : null,
        "DATE" when isDate => record => of(record) is DateTime moment ? moment.Date : null,
        "YEAR" when isDate => record => of(record) is DateTime moment ? (decimal)moment.Year : null,
        "MONTH" when isDate => record => of(record) is DateTime moment ? (decimal)moment.Month : null,
        "DAY" when isDate => record => of(record) is DateTime moment ? (decimal)moment.Day : null,
        _ => null,
    };

    private Operand Method(Operand of, string method)
    {
        _methods = true;
        var arguments = Arguments();
        return method.ToUpperInvariant() switch
        {
            "CONTAINS" => record => Text(of(record)).Contains(Text(arguments), StringComparison.OrdinalIgnoreCase),
            "STARTSWITH" => record => Text(of(record)).StartsWith(Text(arguments), StringComparison.OrdinalIgnoreCase),
            "ENDSWITH" => record => Text(of(record)).EndsWith(Text(arguments), StringComparison.OrdinalIgnoreCase),
            "TOLOWER" or "TOUPPER" or "TOSTRING" or "TRIM" => of,
            _ => throw new QueryParseException($"No applicable method '{method}' exists in type 'String'"),
        };
    }

    private List<object?> Arguments()
    {
        Expect("(");
        var arguments = new List<object?>();
        while (!TakeSign(")"))
        {
            if (arguments.Count > 0)
                Expect(",");
            var negative = TakeSign("-");
            arguments.Add(Now.Kind switch
            {
                TokenKind.Text => Now.Text,
                TokenKind.Number => negative ? -Now.Number : Now.Number,
                _ => throw new QueryParseException("')' or ',' expected"),
            });
            _at++;
        }

        return arguments;
    }

    private static DateTime Moment(List<object?> arguments)
    {
        try
        {
            if (arguments is [string text])
                return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal);
            var numbers = arguments.Select(argument => decimal.ToInt32((decimal)argument!)).ToList();
            return numbers.Count switch
            {
                3 => new DateTime(numbers[0], numbers[1], numbers[2], 0, 0, 0, DateTimeKind.Utc),
                6 => new DateTime(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], DateTimeKind.Utc),
                _ => throw new QueryParseException("No applicable constructor exists in type 'DateTime'"),
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidCastException or NullReferenceException or OverflowException)
        {
            throw new QueryParseException("No applicable constructor exists in type 'DateTime'");
        }
    }

    private static bool Compare(object? left, string sign, object? right)
    {
        if (left is null || right is null)
            return sign is "==" or "=" ? left is null && right is null : sign is "!=" or "<>" && (left is not null || right is not null);
        var order = (left, right) switch
        {
            (string one, string other) => string.Compare(one, other, StringComparison.OrdinalIgnoreCase),
            (decimal one, decimal other) => one.CompareTo(other),
            (bool one, bool other) => one.CompareTo(other),
            (Guid one, Guid other) => one.CompareTo(other),
            (DateTime one, DateTime other) => one.CompareTo(other),
            _ => throw new QueryParseException($"Operator '{sign}' incompatible with operand types '{left.GetType().Name}' and '{right.GetType().Name}'"),
        };
        return sign switch
        {
            "==" or "=" => order == 0,
            "!=" or "<>" => order != 0,
            ">" => order > 0,
            "<" => order < 0,
            ">=" => order >= 0,
            _ => order <= 0,
        };
    }

    private static string Text(object? value) => value as string ?? "";

    private static string Text(List<object?> arguments) => Single(arguments) as string ?? "";

    private static object? Single(List<object?> arguments) => arguments.Count == 1 ? arguments[0] : throw new QueryParseException("Argument list incompatible");

    private void TakeParse()
    {
        if (TakeSign(".") && !TakeWord("Parse"))
            throw new QueryParseException("Identifier expected");
    }

    private bool TakeSign(string sign)
    {
        if (!Now.Is(sign))
            return false;
        _at++;
        return true;
    }

    private bool TakeWord(string word)
    {
        if (Now.Kind != TokenKind.Name || !Now.Text.Equals(word, StringComparison.OrdinalIgnoreCase))
            return false;
        _at++;
        return true;
    }

    private void Expect(string sign)
    {
        if (!TakeSign(sign))
            throw new QueryParseException($"'{sign}' expected");
    }
}
