namespace DataHealth.Core.Health;

/// <summary>On what accounts and on what tax codes the lines of one transaction are. Lines of nothing say nothing.</summary>
/// <param name="Accounts">The account's code, or of a split all of them in order, and how many lines say it; null where none does.</param>
/// <param name="Taxes">The tax codes likewise.</param>
internal sealed record TransactionCoding((string Pattern, int Lines)? Accounts, (string Pattern, int Lines)? Taxes)
{
    /// <summary>Of a transaction; null where no line is of anything.</summary>
    public static TransactionCoding? Of(Chart chart, Transaction one)
    {
        var (accounts, taxes, isCoded) = (default(Pattern), default(Pattern), false);
        for (var at = 0; at < one.Lines.Count; at++)
        {
            var line = one.Lines[at];
            if (line.Net == 0m)
                continue;
            isCoded = true;
            accounts.Add(chart.AccountOf(line) is { } account ? account.Code ?? account.Id : line.AccountCode ?? line.AccountId);
            taxes.Add(line.TaxType);
        }
        return isCoded ? new(accounts.Told, taxes.Told) : null;
    }

    // Most transactions have one line, or several on one code: no list is made for these.
    private struct Pattern
    {
        private string? _first;
        private SortedSet<string>? _all;
        private int _lines;

        public readonly (string, int)? Told => _first is null ? null : (_all is null ? _first : string.Join(" + ", _all), _lines);

        public void Add(string? code)
        {
            if (code is null)
                return;
            _lines++;
            _first ??= code;
            if (_all is not null)
                _all.Add(code);
            else if (code != _first)
                _all = new(StringComparer.Ordinal) { _first, code };
        }
    }
}
