namespace DataHealth.Local.Sandbox.Identity;

/// <summary>The scopes that exist, in words, and what covers what (facts 1.7).</summary>
internal static class ScopeCatalogue
{
    private static readonly Dictionary<string, string> Granular = new(StringComparer.Ordinal)
    {
        ["accounting.invoices"] = "sales invoices, bills, credit notes, quotes, purchase orders and items",
        ["accounting.payments"] = "payments, batch payments, overpayments and prepayments",
        ["accounting.banktransactions"] = "bank transactions and bank transfers",
        ["accounting.manualjournals"] = "manual journals",
        ["accounting.settings"] = "organisation settings, chart of accounts, tax rates, tracking, currencies and users",
        ["accounting.contacts"] = "contacts and contact groups",
        ["accounting.attachments"] = "attachments",
        ["accounting.budgets"] = "budgets",
        ["accounting.journals"] = "general ledger journals",
        ["accounting.reports.trialbalance"] = "the trial balance report",
        ["accounting.reports.balancesheet"] = "the balance sheet report",
        ["accounting.reports.profitandloss"] = "the profit and loss report",
        ["accounting.reports.banksummary"] = "the bank summary report",
        ["accounting.reports.aged"] = "the aged receivables and payables reports",
        ["accounting.reports.executivesummary"] = "the executive summary report",
        ["accounting.reports.budgetsummary"] = "the budget summary report",
        ["accounting.reports.taxreports"] = "tax reports",
        ["accounting.reports.tenninetynine"] = "1099 reports",
        ["assets"] = "fixed assets",
        ["files"] = "files",
        ["projects"] = "projects",
    };

    private static readonly Dictionary<string, string> Identity = new(StringComparer.Ordinal)
    {
        ["openid"] = "your Xero user id",
        ["profile"] = "your name",
        ["email"] = "your email address",
        ["offline_access"] = "keep this access when you are not signed in",
    };

    private static readonly HashSet<string> Broad = ["accounting.transactions", "accounting.transactions.read", "accounting.reports.read"];

    public static IEnumerable<string> All => [.. Identity.Keys, .. Granular.Keys.Where(HasWrite), .. Granular.Keys.Select(name => name + ".read"), .. Broad];

    public static bool IsKnown(string scope) => Identity.ContainsKey(scope) || Broad.Contains(scope) || Granular.ContainsKey(Root(scope)) && (HasWrite(scope) || scope.EndsWith(".read", StringComparison.Ordinal));

    public static bool IsBroad(string scope) => Broad.Contains(scope);

    public static string InWords(string scope) => Identity.TryGetValue(scope, out var words) ? words
        : scope switch
        {
            "accounting.transactions" => "View and change all transactions",
            "accounting.transactions.read" => "View all transactions",
            "accounting.reports.read" => "View all reports",
            _ => (scope.EndsWith(".read", StringComparison.Ordinal) ? "View " : "View and change ") + Granular.GetValueOrDefault(Root(scope), scope),
        };

    /// <summary>Whether the granted scopes let an endpoint be read.</summary>
    public static bool Covers(IReadOnlySet<string> granted, IReadOnlyList<string> anyOf) => anyOf.Any(root => granted.Contains(root) || granted.Contains(root + ".read"));

    /// <summary>What reading an endpoint takes, any one of: names without <c>.read</c>.</summary>
    public static IReadOnlyList<string> For(string endpoint, string? report) => endpoint switch
    {
        "Invoices" or "CreditNotes" or "RepeatingInvoices" => ["accounting.invoices", "accounting.transactions"],
        "Items" => ["accounting.invoices", "accounting.settings", "accounting.transactions"],
        "Payments" or "BatchPayments" or "Overpayments" or "Prepayments" => ["accounting.payments", "accounting.transactions"],
        "BankTransactions" or "BankTransfers" => ["accounting.banktransactions", "accounting.transactions"],
        "ManualJournals" => ["accounting.manualjournals", "accounting.transactions"],
        "Contacts" => ["accounting.contacts"],
        "Journals" => ["accounting.journals"],
        "Attachments" => ["accounting.attachments"],
        "Reports" => [ReportScope(report ?? ""), "accounting.reports"],
        "Assets" or "AssetTypes" or "AssetSettings" => ["assets"],
        _ => ["accounting.settings"],
    };

    private static string ReportScope(string report) => report.ToUpperInvariant() switch
    {
        "AGEDRECEIVABLESBYCONTACT" or "AGEDPAYABLESBYCONTACT" => "accounting.reports.aged",
        var name => "accounting.reports." + name.ToLowerInvariant(),
    };

    private static string Root(string scope) => scope.EndsWith(".read", StringComparison.Ordinal) ? scope[..^5] : scope;

    private static bool HasWrite(string scope) => !scope.StartsWith("accounting.reports.", StringComparison.Ordinal) && scope is not "accounting.journals" and not "accounting.budgets";
}
