using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>The company itself and its settings.</summary>
internal sealed partial class Rendering
{
    private static string Month(int number) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(number);

    private int FirstFiscalMonth => (_company.Taxes.YearEndMonth % 12) + 1;

    private JsonObject CompanyInfo(BagRecord bag, JsonObject json)
    {
        Created(json, _company.Start);
        var address = new JsonObject { ["Id"] = "1", ["Line1"] = "1 Quay Street", ["City"] = "Bristol", ["Country"] = Country3, ["PostalCode"] = "BS1 4QD" };
        json["CompanyName"] = (string?)bag.Fields["Name"];
        json["LegalName"] = (string?)bag.Fields["LegalName"];
        json["CompanyAddr"] = address;
        json["CustomerCommunicationAddr"] = address.DeepClone();
        json["LegalAddr"] = address.DeepClone();
        json["PrimaryPhone"] = new JsonObject { ["FreeFormNumber"] = "0117 496 0000" };
        json["CompanyStartDate"] = Json.Day(_company.Start);
        json["FiscalYearStartMonth"] = Month(FirstFiscalMonth);
        json["Country"] = _company.Spec.Country;
        json["Email"] = new JsonObject { ["Address"] = "accounts@example.com" };
        json["WebAddr"] = new JsonObject();
        json["SupportedLanguages"] = "en";
        json["DefaultTimeZone"] = _company.Spec.Country switch { "GB" => "Europe/London", "NZ" => "Pacific/Auckland", "AU" => "Australia/Sydney", _ => "America/New_York" };
        json["NameValue"] = new JsonArray(
            Json.NamedValue("NeoEnabled", "true"), Json.NamedValue("IndustryType", "Wholesale"), Json.NamedValue("CompanyType", "Limited company"),
            Json.NamedValue("SubscriptionStatus", "PAID"), Json.NamedValue("OfferingSku", "QuickBooks Online Plus"), Json.NamedValue("PayrollFeature", "false"));
        return json;
    }

    private JsonObject Preferences(BagRecord bag, JsonObject json)
    {
        Created(json, _company.Start);
        var accounting = new JsonObject
        {
            ["UseAccountNumbers"] = true,
            ["TrackDepartments"] = false,
            ["DepartmentTerminology"] = "Location",
            ["ClassTrackingPerTxn"] = false,
            ["ClassTrackingPerTxnLine"] = true,
            ["CustomerTerminology"] = "Customers",
            ["FirstMonthOfFiscalYear"] = Month(FirstFiscalMonth),
            ["TaxYearMonth"] = Month(FirstFiscalMonth),
        };
        if (bag.Fields["PeriodLockDate"] is DateOnly closed)
            accounting["BookCloseDate"] = Json.Day(closed);
        json["AccountingInfoPrefs"] = accounting;
        json["ProductAndServicesPrefs"] = new JsonObject { ["ForSales"] = true, ["ForPurchase"] = true, ["QuantityWithPriceAndRate"] = true, ["QuantityOnHand"] = false };
        json["SalesFormsPrefs"] = new JsonObject
        {
            ["AllowDeposit"] = false,
            ["AllowDiscount"] = false,
            ["AllowEstimates"] = true,
            ["ETransactionEnabledStatus"] = "NotApplicable",
            ["ETransactionAttachPDF"] = false,
            ["UsingPriceLevels"] = false,
            ["UsingProgressInvoicing"] = false,
            ["DefaultTerms"] = Json.Ref("2"),
        };
        json["EmailMessagesPrefs"] = new JsonObject();
        json["VendorAndPurchasesPrefs"] = new JsonObject { ["TrackingByCustomer"] = false, ["BillableExpenseTracking"] = false };
        json["TimeTrackingPrefs"] = new JsonObject { ["UseServices"] = false, ["BillCustomers"] = false, ["ShowBillRateToAll"] = false, ["WorkWeekStartDate"] = "Monday" };
        json["TaxPrefs"] = new JsonObject { ["UsingSalesTax"] = true, ["PartnerTaxEnabled"] = false };
        var currency = new JsonObject { ["MultiCurrencyEnabled"] = _company.Spec.MultiCurrency };
        if (_company.Spec.MultiCurrency || !IsUs)
            currency["HomeCurrency"] = Json.Ref(_company.Taxes.Currency);
        json["CurrencyPrefs"] = currency;
        json["ReportPrefs"] = new JsonObject { ["ReportBasis"] = "Accrual", ["CalcAgingReportFromTxnDate"] = false };
        json["OtherPrefs"] = new JsonObject { ["NameValue"] = new JsonArray(Json.NamedValue("SalesFormsPrefs.DefaultCustomerMessage", "Thank you"), Json.NamedValue("VendorAndPurchasesPrefs.UseCustomTxnNumbers", "false")) };
        return json;
    }
}
