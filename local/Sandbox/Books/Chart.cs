namespace DataHealth.Local.Sandbox.Books;

internal sealed record LedgerAccount(int Index, Guid Id, string Code, string Name, string Type, string TaxType, string? System, string Currency)
{
    public string Class => Type switch
    {
        "BANK" or "CURRENT" or "FIXED" or "INVENTORY" or "PREPAYMENT" => "ASSET",
        "CURRLIAB" or "TERMLIAB" => "LIABILITY",
        "EQUITY" => "EQUITY",
        "SALES" or "REVENUE" or "OTHERINCOME" => "REVENUE",
        _ => "EXPENSE",
    };

    public bool IsBank => Type == "BANK";

    /// <summary>A debit raises it.</summary>
    public bool IsDebit => Class is "ASSET" or "EXPENSE";
}

/// <summary>The chart of accounts of a company.</summary>
internal sealed class Chart
{
    // Code, name, type, role of its default tax, system account.
    private static readonly string[] Rows =
    [
        "090|Business Current Account|BANK|N|", "091|Savings Account|BANK|N|", "092|Euro Account|BANK|N|", "093|Company Credit Card|BANK|N|",
        "200|Sales|SALES|S|", "202|Consultancy|SALES|S|", "204|Export Sales|SALES|Z|", "206|Legacy Product Sales|SALES|S|",
        "260|Other Revenue|REVENUE|S|", "270|Interest Income|OTHERINCOME|N|", "310|Cost of Goods Sold|DIRECTCOSTS|P|", "320|Direct Wages|DIRECTCOSTS|N|",
        "325|Direct Expenses|DIRECTCOSTS|P|", "400|Advertising & Marketing|OVERHEADS|P|", "401|Audit & Accountancy fees|OVERHEADS|P|",
        "404|Bank Fees|OVERHEADS|N|", "408|Cleaning|OVERHEADS|P|", "412|Consulting|OVERHEADS|P|", "416|Depreciation Expense|OVERHEADS|N|",
        "418|Charitable Donations|OVERHEADS|N|", "420|Entertainment-100% business|OVERHEADS|N|", "425|Postage, Freight & Courier|OVERHEADS|P|",
        "429|General Expenses|OVERHEADS|P|", "433|Insurance|OVERHEADS|N|", "437|Interest Paid|OVERHEADS|N|", "441|Legal Expenses|OVERHEADS|P|",
        "445|Light, Power, Heating|OVERHEADS|R|", "449|Motor Vehicle Expenses|OVERHEADS|P|", "453|Office Equipment under 500|OVERHEADS|P|",
        "457|Operating Lease Payments|OVERHEADS|P|", "461|Printing & Stationery|OVERHEADS|P|", "463|IT Software and Consumables|OVERHEADS|P|",
        "465|Rates|OVERHEADS|N|", "469|Rent|OVERHEADS|N|", "473|Repairs & Maintenance|OVERHEADS|P|", "477|Salaries|OVERHEADS|N|",
        "479|Employers National Insurance|OVERHEADS|N|", "480|Staff Training|OVERHEADS|P|", "482|Pensions Costs|OVERHEADS|N|",
        "485|Subscriptions|OVERHEADS|P|", "486|Old Subscriptions|OVERHEADS|P|", "489|Telephone & Internet|OVERHEADS|P|",
        "493|Travel - National|OVERHEADS|ZP|", "497|Bank Revaluations|OVERHEADS|N|BANKCURRENCYGAIN",
        "498|Unrealised Currency Gains|OVERHEADS|N|UNREALISEDCURRENCYGAIN", "499|Realised Currency Gains|OVERHEADS|N|REALISEDCURRENCYGAIN",
        "610|Accounts Receivable|CURRENT|N|DEBTORS", "620|Prepayments|PREPAYMENT|N|", "630|Inventory|INVENTORY|N|", "710|Office Equipment|FIXED|P|",
        "711|Less Accumulated Depreciation on Office Equipment|FIXED|N|", "720|Computer Equipment|FIXED|P|",
        "721|Less Accumulated Depreciation on Computer Equipment|FIXED|N|", "764|Motor Vehicles|FIXED|P|",
        "765|Less Accumulated Depreciation on Motor Vehicles|FIXED|N|", "780|Leasehold Improvements|FIXED|P|", "800|Accounts Payable|CURRLIAB|N|CREDITORS",
        "801|Unpaid Expense Claims|CURRLIAB|N|UNPAIDEXPCLM", "805|Accruals|CURRLIAB|N|", "810|Income in Advance|CURRLIAB|N|",
        "814|Wages Payable - Payroll|CURRLIAB|N|WAGEPAYABLES", "820|VAT|CURRLIAB|N|GST", "825|PAYE Payable|CURRLIAB|N|", "826|NIC Payable|CURRLIAB|N|",
        "835|Directors' Loan Account|CURRLIAB|N|", "840|Historical Adjustment|CURRLIAB|N|HISTORICAL", "850|Suspense|CURRLIAB|N|",
        "858|Pensions Payable|CURRLIAB|N|", "860|Rounding|CURRLIAB|N|ROUNDING", "877|Tracking Transfers|CURRLIAB|N|TRACKINGTRANSFERS",
        "900|Loan|TERMLIAB|N|", "950|Capital - Ordinary Shares|EQUITY|N|", "960|Retained Earnings|EQUITY|N|RETAINEDEARNINGS",
        "970|Dividends Paid|EQUITY|N|", "421|Staff Entertainment|OVERHEADS|P|", "448|Vehicles|OVERHEADS|P|", "836|Directors' Loan Account - J Walsh|CURRLIAB|N|",
        "094|Petty Cash|BANK|N|",
    ];

    // No ordinary line goes here: pay and depreciation, what may not bear tax, and what large amounts do not belong in.
    private static readonly HashSet<string> Special = ["416", "420", "421", "448", "449", "453", "463", "473", "477", "479", "482", "486"];

    // Only in books with planted faults.
    private static readonly HashSet<string> ForFaults = ["206", "780", "850", "421", "448", "836", "094"];

    private readonly Dictionary<string, int> _byCode = new(StringComparer.Ordinal);

    public Chart(ulong seed, Taxes taxes, bool multiCurrency)
    {
        for (var i = 0; i < Rows.Length; i++)
        {
            var parts = Rows[i].Split('|');
            var currency = parts[0] == "092" && multiCurrency ? taxes.Foreign[0] : taxes.Currency;
            var name = parts[4] == "GST" ? taxes.TaxName : parts[1];
            var id = Rng.For(seed, Kinds.Account, i).Guid();
            Accounts.Add(new LedgerAccount(i, id, parts[0], name, parts[2], taxes.ByRole(parts[3]).Type, parts[4].Length == 0 ? null : parts[4], currency));
            _byCode[parts[0]] = i;
        }

        Overheads = [.. Accounts.Where(a => a.Type == "OVERHEADS" && a.System is null && !Special.Contains(a.Code)).Select(a => a.Index)];
        Purchases = [.. Overheads, this["310"], this["310"], this["325"]];
        Sales = [this["200"], this["200"], this["200"], this["202"], this["260"]];
    }

    public List<LedgerAccount> Accounts { get; } = [];

    public static bool IsArchived(string code, bool hasFaults) => code == "486" || (!hasFaults && ForFaults.Contains(code));

    public int[] Overheads { get; }

    public int[] Purchases { get; }

    public int[] Sales { get; }

    public int this[string code] => _byCode[code];

    public int? Find(string code) => _byCode.TryGetValue(code, out var at) ? at : null;
}
