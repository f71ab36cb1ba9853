namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Names of the entities, spelt as Intuit's query language spells them.</summary>
public static class EntityNames
{
    public const string CompanyInfo = "CompanyInfo";
    public const string Preferences = "Preferences";
    public const string Account = "Account";
    public const string Customer = "Customer";
    public const string Vendor = "Vendor";
    public const string Employee = "Employee";
    public const string Item = "Item";
    public const string Class = "Class";
    public const string Department = "Department";
    public const string Term = "Term";
    public const string PaymentMethod = "PaymentMethod";
    public const string TaxCode = "TaxCode";
    public const string TaxRate = "TaxRate";
    public const string TaxAgency = "TaxAgency";
    public const string CompanyCurrency = "CompanyCurrency";
    public const string Invoice = "Invoice";
    public const string SalesReceipt = "SalesReceipt";
    public const string CreditMemo = "CreditMemo";
    public const string RefundReceipt = "RefundReceipt";
    public const string Estimate = "Estimate";
    public const string Payment = "Payment";
    public const string Bill = "Bill";
    public const string VendorCredit = "VendorCredit";
    public const string BillPayment = "BillPayment";
    public const string PurchaseOrder = "PurchaseOrder";
    public const string Purchase = "Purchase";
    public const string Deposit = "Deposit";
    public const string Transfer = "Transfer";
    public const string JournalEntry = "JournalEntry";
    public const string Attachable = "Attachable";

    /// <summary>Those that hold records here, in the order in which the truth lists them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CompanyInfo, Preferences, Account, Customer, Vendor, Employee, Item, Class, Department, Term, PaymentMethod, TaxCode, TaxRate, TaxAgency, CompanyCurrency,
        Invoice, SalesReceipt, CreditMemo, RefundReceipt, Estimate, Payment, Bill, VendorCredit, BillPayment, PurchaseOrder, Purchase, Deposit, Transfer,
        JournalEntry, Attachable,
    ];

    /// <summary>Known to the query language, and empty in every company here.</summary>
    public static IReadOnlyList<string> Empty { get; } =
        ["Budget", "ChargeCredit", "CustomerType", "InventoryAdjustment", "JournalCode", "RecurringTransaction", "ReimburseCharge", "StatementCharge", "TimeActivity"];

    /// <summary>Records that are made inactive instead of deleted; lists hold the active ones only unless asked otherwise.</summary>
    public static IReadOnlySet<string> Lists { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Account, Customer, Vendor, Employee, Item, Class, Department, Term, PaymentMethod, TaxCode, TaxRate, CompanyCurrency,
    };

    /// <summary>What change data capture leaves out.</summary>
    public static IReadOnlySet<string> NotInChanges { get; } = new HashSet<string>(StringComparer.Ordinal) { "JournalCode", TaxAgency, "TimeActivity", TaxCode, TaxRate };

    /// <summary>What can be deleted.</summary>
    public static IReadOnlySet<string> Transactions { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        Invoice, SalesReceipt, CreditMemo, RefundReceipt, Estimate, Payment, Bill, VendorCredit, BillPayment, PurchaseOrder, Purchase, Deposit, Transfer, JournalEntry,
    };

    /// <summary>What can be voided: the rest can only be deleted.</summary>
    public static IReadOnlySet<string> Voidable { get; } = new HashSet<string>(StringComparer.Ordinal) { Invoice, SalesReceipt, Payment, BillPayment };
}
