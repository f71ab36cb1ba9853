using System.Text;
using System.Text.Json;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Providers.Xero.Mapping;

namespace DataHealth.Core.Tests.Providers.Xero;

public class XeroLedgerMappingTests
{
    [Fact]
    public void A_bill_keeps_its_dates_amounts_and_lines()
    {
        var bill = One<LedgerDocument>("invoices",
            """
            {"InvoiceID":"7c1e","Type":"ACCPAY","InvoiceNumber":"B-7781","Reference":"","Status":"AUTHORISED","Contact":{"ContactID":"a1f4","Name":"Harbour Print"},
             "DateString":"2026-10-30T00:00:00","Date":"\/Date(1793318400000+0000)\/","DueDateString":"2026-11-29T00:00:00","DueDate":"\/Date(1795910400000+0000)\/",
             "LineAmountTypes":"Inclusive","SubTotal":120.00,"TotalTax":24.00,"Total":144.00,"AmountDue":44.00,"AmountPaid":100.00,"AmountCredited":0.00,"CurrencyCode":"USD","CurrencyRate":1.2500000001,
             "HasAttachments":false,"LineItems":[{"LineItemID":"0b9c","Quantity":1.0000,"UnitAmount":0.1234,"LineAmount":144.00,"AccountCode":"400","TaxType":"INPUT2","TaxAmount":24.00,
             "Tracking":[{"TrackingCategoryID":"c","TrackingOptionID":"o","Name":"Region","Option":"North"}]}],"Payments":[{"PaymentID":"p"}],"SomethingNew":{"a":[1]},"UpdatedDateUTC":"\/Date(1793358725417+0000)\/"}
            """);

        (bill.Kind, bill.Status, bill.Number, bill.ContactId).ShouldBe((DocumentKind.Bill, LedgerStatus.Posted, "B-7781", "a1f4"));
        (bill.Date, bill.DueDate).ShouldBe((new DateOnly(2026, 10, 30), new DateOnly(2026, 11, 29)));
        (bill.Net, bill.Tax, bill.Gross, bill.Outstanding, bill.Paid).ShouldBe((120m, 24m, 144m, 44m, 100m));
        (bill.CurrencyRate, bill.UpdatedAt).ShouldBe((1.2500000001m, DateTimeOffset.FromUnixTimeMilliseconds(1793358725417)));
        var line = bill.Lines.ShouldHaveSingleItem();
        (line.Net, line.Tax, line.UnitAmount, line.AccountCode).ShouldBe((120m, 24m, 0.1234m, "400"));
        line.Tracking.ShouldBe([new TrackingValue("c", "Region", "o", "North")]);
        bill.PaymentIds.ShouldBe(["p"]);
    }

    [Fact]
    public void A_date_that_came_only_as_its_twin_is_read_from_it() =>
        One<LedgerBankEntry>("bank-transactions", """{"Type":"RECEIVE-PREPAYMENT","Status":"DELETED","DateString":"2026-11-03T00:00:00","PrepaymentID":"pp"}""")
            .ShouldBe(new LedgerBankEntry
            {
                Id = "the-id",
                Direction = MoneyDirection.In,
                Kind = BankEntryKind.Prepayment,
                Status = LedgerStatus.Deleted,
                Date = new(2026, 11, 3),
                CreditId = "pp",
                Lines = [],
            }, new BankEntryComparer());

    [Theory]
    [InlineData("ACCRECPAYMENT", DocumentKind.SalesInvoice, MoneyDirection.In)]
    [InlineData("ACCPAYPAYMENT", DocumentKind.Bill, MoneyDirection.Out)]
    [InlineData("ARCREDITPAYMENT", DocumentKind.SalesCreditNote, MoneyDirection.Out)]
    [InlineData("APCREDITPAYMENT", DocumentKind.SupplierCreditNote, MoneyDirection.In)]
    [InlineData("AROVERPAYMENTPAYMENT", DocumentKind.SalesOverpayment, MoneyDirection.Out)]
    [InlineData("APPREPAYMENTPAYMENT", DocumentKind.SupplierPrepayment, MoneyDirection.In)]
    public void A_refund_goes_the_other_way(string type, DocumentKind settles, MoneyDirection direction)
    {
        var payment = One<LedgerPayment>("payments", $$"""{"PaymentType":"{{type}}","Status":"AUTHORISED","Amount":12.34,"Date":"\/Date(1793664000000+0000)\/"}""");

        (payment.Settles, payment.Direction, payment.Amount, payment.Date).ShouldBe((settles, direction, 12.34m, new DateOnly(2026, 11, 3)));
    }

    [Fact]
    public void A_balance_sheet_gives_debit_positive_balances_by_column()
    {
        var balances = Map("balance-sheet", "2026-11",
            """
            {"ReportID":"BalanceSheet","Rows":[{"RowType":"Header","Cells":[{"Value":""},{"Value":"30 Nov 2026"},{"Value":"31 Oct 2026"}]},
             {"RowType":"Section","Title":"Bank","Rows":[{"RowType":"Row","Cells":[{"Value":"Current","Attributes":[{"Id":"account","Value":"acc-1"}]},{"Value":"80.00","Attributes":[{"Id":"account","Value":"acc-1"}]},{"Value":"-1850.00"}]},
               {"RowType":"SummaryRow","Cells":[{"Value":"Total Bank"},{"Value":"80.00"},{"Value":"-1850.00"}]}]},
             {"RowType":"Section","Title":"Current Liabilities","Rows":[{"RowType":"Row","Cells":[{"Value":"VAT","Attributes":[{"Id":"account","Value":"acc-2"}]},{"Value":"10.00"},{"Value":""}]}]}]}
            """).Cast<AccountBalance>().ToList();

        balances.Select(balance => (balance.AccountId, balance.AsOf, balance.Amount, balance.Kind)).ShouldBe(
        [
            ("acc-1", new(2026, 11, 30), 80m, BalanceKind.Balance),
            ("acc-1", new(2026, 10, 31), -1850m, BalanceKind.Balance),
            ("acc-2", new(2026, 11, 30), -10m, BalanceKind.Balance),
        ]);
        balances.ShouldAllBe(balance => balance.IsSideKnown && balance.WindowEnd == new DateOnly(2026, 11, 30));
        balances.Select(balance => balance.Id).ShouldBeUnique();
    }

    [Fact]
    public void A_trial_balance_nets_its_pairs_of_columns()
    {
        var balances = Map("trial-balance", "2026-10",
            """{"Rows":[{"RowType":"Section","Title":"Revenue","Rows":[{"RowType":"Row","Cells":[{"Value":"Sales (200)","Attributes":[{"Id":"account","Value":"a"}]},{"Value":""},{"Value":"5.00"},{"Value":""},{"Value":"80.00"}]}]}]}""")
            .Cast<AccountBalance>();

        balances.Select(balance => (balance.Kind, balance.Amount, balance.AsOf)).ShouldBe(
            [(BalanceKind.Movement, -5m, new(2026, 10, 31)), (BalanceKind.YearToDate, -80m, new(2026, 10, 31))]);
    }

    [Theory]
    [InlineData("GMTSTANDARDTIME", "Europe/London")]
    [InlineData("NEWZEALANDSTANDARDTIME", "Pacific/Auckland")]
    [InlineData("EASTERNSTANDARDTIME(MEXICO)", "America/Cancun")]
    [InlineData("AUSCENTRALW.STANDARDTIME", "Australia/Eucla")]
    [InlineData("UTC", "Etc/UTC")]
    [InlineData("MARSSTANDARDTIME", null)]
    [InlineData(null, null)]
    public void Windows_time_zones_become_places(string? xero, string? place) => XeroTimeZones.ToIana(xero).ShouldBe(place);

    [Fact]
    public void Every_dataset_has_a_mapping_and_wrong_types_are_an_error()
    {
        foreach (var dataset in XeroDatasets.All)
        {
            new XeroLedgerMapping().Map(dataset, dataset.Window == XeroWindow.None ? "id" : "2026-11", "{}"u8).Count.ShouldBe(dataset.Window == XeroWindow.None ? 1 : 0);
            Should.Throw<JsonException>(() => new XeroLedgerMapping().Map(dataset, "2026-11", "[]"u8));
        }

        Should.Throw<JsonException>(() => Map("invoices", "a", """{"Total":"much"}"""));
    }

    private static T One<T>(string dataset, string json) => Map(dataset, "the-id", json).ShouldHaveSingleItem().ShouldBeOfType<T>();

    private static IReadOnlyList<LedgerRecord> Map(string dataset, string id, string json) =>
        new XeroLedgerMapping().Map(XeroDatasets.All.Single(one => one.Name == dataset), id, Encoding.UTF8.GetBytes(json));

    private sealed class BankEntryComparer : IEqualityComparer<LedgerBankEntry>
    {
        public bool Equals(LedgerBankEntry? left, LedgerBankEntry? right) => left! with { Lines = [] } == right! with { Lines = left.Lines.Count == 0 ? [] : right.Lines };

        public int GetHashCode(LedgerBankEntry entry) => 0;
    }
}
