using System.Globalization;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Query;

/// <summary>SELECT * | count(*) FROM Entity [WHERE a AND b] [ORDERBY p ASC] [STARTPOSITION n] [MAXRESULTS m] (facts 6.2).</summary>
internal sealed class QueryParser
{
    private const int Most = 1000;
    private readonly List<Token> _tokens;
    private readonly StringComparison _names;
    private int _at;

    private QueryParser(string query, bool strictNames) =>
        (_tokens, _names) = (QueryLexer.Read(query), strictNames ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private Token Next => _tokens[_at];

    public static Statement Parse(string query, bool strictNames) => new QueryParser(query, strictNames).Statement();

    private Statement Statement()
    {
        Expect("SELECT");
        var count = What();
        Expect("FROM");
        var named = Word();
        var entity = EntityNames.All.Concat(EntityNames.Empty).FirstOrDefault(name => name.Equals(named, _names)) ?? throw QueryException.Invalid($"Entity {named} not found");
        var where = new List<Condition>();
        if (Take("WHERE"))
        {
            do
                where.Add(Comparison());
            while (Take("AND"));
        }

        var order = new List<Order>();
        if (Take("ORDERBY") || TakeBoth("ORDER", "BY"))
        {
            do
                order.Add(OrderBy());
            while (Take(","));
        }

        var start = Take("STARTPOSITION") ? Number("STARTPOSITION") : 1;
        var max = Take("MAXRESULTS") ? Number("MAXRESULTS") : 100;
        if (Next.Kind != TokenKind.End)
            throw Unexpected();
        if (start < 1)
            throw QueryException.Invalid("value 0 is too small for STARTPOSITION. Min allowed: 1");
        if (max > Most)
            throw QueryException.Invalid($"value {max} is too large for MAXRESULTS. Max allowed: {Most}");
        return new Statement(count, entity, where, order, start, max);
    }

    /// <summary>True for count(*). A list of properties is accepted; all are answered whatever it names.</summary>
    private bool What()
    {
        if (Take("*"))
            return false;
        if (Next.Is("COUNT") && _tokens[_at + 1].Is("("))
        {
            _at += 2;
            Expect("*");
            Expect(")");
            return true;
        }

        do
        {
            Word();
            Take("*");
        }
        while (Take(","));
        return false;
    }

    private Condition Comparison()
    {
        var property = Word();
        if (Take("IN"))
        {
            Expect("(");
            var values = new List<string>();
            do
                values.Add(Value());
            while (Take(","));
            Expect(")");
            return new Condition(property, Query.Comparison.In, values);
        }

        var comparison = Next switch
        {
            { } like when like.Is("LIKE") => Query.Comparison.Like,
            { Kind: TokenKind.Symbol, Value: "=" } => Query.Comparison.Equal,
            { Kind: TokenKind.Symbol, Value: "<" } => Query.Comparison.Less,
            { Kind: TokenKind.Symbol, Value: "<=" } => Query.Comparison.LessOrEqual,
            { Kind: TokenKind.Symbol, Value: ">" } => Query.Comparison.Greater,
            { Kind: TokenKind.Symbol, Value: ">=" } => Query.Comparison.GreaterOrEqual,
            _ => throw Unexpected(),
        };
        _at++;
        return new Condition(property, comparison, [Value()]);
    }

    private Order OrderBy()
    {
        var property = Word();
        if (Take("DESC"))
            return new Order(property, true);
        Take("ASC");
        return new Order(property, false);
    }

    private string Value()
    {
        if (Next.Kind is not (TokenKind.Text or TokenKind.Word))
            throw Unexpected();
        return _tokens[_at++].Value;
    }

    private string Word()
    {
        if (Next.Kind != TokenKind.Word)
            throw Unexpected();
        return _tokens[_at++].Value;
    }

    private int Number(string after) => int.TryParse(Next.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && _at++ >= 0
        ? number
        : throw QueryException.Parse($"{after} must be a whole number.");

    private bool Take(string word)
    {
        if (!Next.Is(word))
            return false;
        _at++;
        return true;
    }

    private bool TakeBoth(string first, string second)
    {
        if (!Next.Is(first) || !_tokens[_at + 1].Is(second))
            return false;
        _at += 2;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
            throw Unexpected();
    }

    private QueryException Unexpected() => QueryException.Parse(Next.Kind == TokenKind.End
        ? $"Encountered \"<EOF>\" at line 1, column {Next.At + 1}."
        : $"Encountered \"{Next.Value}\" at line 1, column {Next.At + 1}.");
}
