using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Type, detail type and classification of an account, as Intuit spells them.</summary>
internal static class AccountTypes
{
    public static (string Type, string SubType, string Classification) Of(LedgerAccount account) => account.Code switch
    {
        "091" => ("Bank", "Savings", "Asset"),
        "093" => ("Credit Card", "CreditCard", "Liability"),
        "416" => ("Expense", "OtherBusinessExpenses", "Expense"),
        // A company has one account for gains and losses on exchange.
        "497" or "498" => ("Other Expense", "OtherMiscellaneousExpense", "Expense"),
        "499" => ("Other Expense", "ExchangeGainOrLoss", "Expense"),
        "270" => ("Other Income", "InterestEarned", "Revenue"),
        "477" => ("Expense", "PayrollExpenses", "Expense"),
        "469" => ("Expense", "RentOrLeaseOfBuildings", "Expense"),
        "433" => ("Expense", "Insurance", "Expense"),
        "404" => ("Expense", "BankCharges", "Expense"),
        "711" or "721" or "765" => ("Fixed Asset", "AccumulatedDepreciation", "Asset"),
        "764" => ("Fixed Asset", "Vehicles", "Asset"),
        "780" => ("Fixed Asset", "LeaseholdImprovements", "Asset"),
        "814" => ("Other Current Liability", "PayrollClearing", "Liability"),
        "825" or "826" or "858" => ("Other Current Liability", "PayrollTaxPayable", "Liability"),
        "820" => ("Other Current Liability", "GlobalTaxPayable", "Liability"),
        "835" => ("Other Current Liability", "LoanPayable", "Liability"),
        "840" => ("Equity", "OpeningBalanceEquity", "Equity"),
        "960" => ("Equity", "RetainedEarnings", "Equity"),
        "970" => ("Equity", "OwnersEquity", "Equity"),
        _ => OfType(account),
    };

    private static (string, string, string) OfType(LedgerAccount account) => account.Type switch
    {
        "BANK" => ("Bank", "Checking", "Asset"),
        "CURRENT" when account.System == "DEBTORS" => ("Accounts Receivable", "AccountsReceivable", "Asset"),
        "CURRENT" => ("Other Current Asset", "OtherCurrentAssets", "Asset"),
        "PREPAYMENT" => ("Other Current Asset", "PrepaidExpenses", "Asset"),
        "INVENTORY" => ("Other Current Asset", "Inventory", "Asset"),
        "FIXED" => ("Fixed Asset", "FurnitureAndFixtures", "Asset"),
        "CURRLIAB" when account.System == "CREDITORS" => ("Accounts Payable", "AccountsPayable", "Liability"),
        "CURRLIAB" => ("Other Current Liability", "OtherCurrentLiabilities", "Liability"),
        "TERMLIAB" => ("Long Term Liability", "NotesPayable", "Liability"),
        "EQUITY" => ("Equity", "OwnersEquity", "Equity"),
        "SALES" => ("Income", "SalesOfProductIncome", "Revenue"),
        "REVENUE" => ("Income", "OtherPrimaryIncome", "Revenue"),
        "OTHERINCOME" => ("Other Income", "OtherMiscellaneousIncome", "Revenue"),
        "DIRECTCOSTS" => ("Cost of Goods Sold", "SuppliesMaterialsCogs", "Expense"),
        _ => ("Expense", "OfficeGeneralAdministrativeExpenses", "Expense"),
    };
}
