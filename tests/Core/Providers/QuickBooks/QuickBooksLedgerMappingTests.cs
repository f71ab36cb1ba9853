using System.Text;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers.QuickBooks;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class QuickBooksLedgerMappingTests
{
    private const string Invoice = """
        {"Id":"812","SyncToken":"3","domain":"QBO","sparse":false,"DocNumber":"1042","TxnDate":"2026-10-30","DueDate":"2026-11-29","CurrencyRef":{"value":"USD","name":"United States Dollar"},"ExchangeRate":0.8,
        "CustomerRef":{"value":"58","name":"Harbour Print"},"TotalAmt":144.00,"Balance":44.00,"GlobalTaxCalculation":"TaxInclusive","TxnTaxDetail":{"TotalTax":24.00},"EmailStatus":"EmailSent",
        "LinkedTxn":[{"TxnId":"91","TxnType":"Payment"}],
        "Line":[{"Id":"1","LineNum":1,"Amount":120.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7","name":"Design"},"Qty":2,"UnitPrice":60,"TaxCodeRef":{"value":"10"},"ClassRef":{"value":"3","name":"North"},"TaxInclusiveAmt":144.00}},
                {"Amount":120.00,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}],
        "MetaData":{"CreateTime":"2026-10-30T03:12:05-07:00","LastUpdatedTime":"2026-11-23T09:10:00-08:00"}}
        """;

    private readonly QuickBooksLedgerMapping _mapping = new();

    [Fact]
    public void Every_dataset_has_a_mapping()
    {
        foreach (var dataset in QuickBooksDatasets.All.Where(dataset => !dataset.IsReport))
            _mapping.Map(dataset, "1", "{}"u8).ShouldNotBeEmpty(dataset.Name);
    }

    [Fact]
    public void An_invoice_means_the_same_as_at_any_provider()
    {
        var invoice = Map("invoices", "812", Invoice).Single().ShouldBeOfType<LedgerDocument>();

        (invoice.Id, invoice.Kind, invoice.Status, invoice.Number, invoice.ContactId).ShouldBe(("invoice-812", DocumentKind.SalesInvoice, LedgerStatus.Posted, "1042", "customer-58"));
        (invoice.Net, invoice.Tax, invoice.Gross, invoice.Outstanding, invoice.Paid).ShouldBe((120m, 24m, 144m, 44m, 100m));
        (invoice.Date, invoice.DueDate, invoice.SentToContact).ShouldBe((new DateOnly(2026, 10, 30), new DateOnly(2026, 11, 29), true));
        (invoice.Currency, invoice.CurrencyRate, Math.Round(invoice.ToBase(100m), 2)).ShouldBe(("USD", 1.25m, 80m));
        invoice.UpdatedAt.ShouldBe(new DateTimeOffset(2026, 11, 23, 17, 10, 0, TimeSpan.Zero));
        invoice.PaymentIds.ShouldBe(["payment-91"]);
        var line = invoice.Lines.Single();
        (line.Net, line.Tax, line.ItemId, line.AccountId, line.TaxType).ShouldBe((120m, 24m, "7", null, "10"));
        line.Tracking.Single().ShouldBe(new TrackingValue("Class", "Class", "3", "North"));
    }

    [Theory]
    [InlineData("""{"TotalAmt":0,"Balance":0,"PrivateNote":"Voided - a note"}""", LedgerStatus.Voided)]
    [InlineData("""{"TotalAmt":0,"Balance":0,"PrivateNote":"a note"}""", LedgerStatus.Posted)]
    [InlineData("""{"TotalAmt":10,"Balance":10,"PrivateNote":"Voided? no"}""", LedgerStatus.Posted)]
    [InlineData("""{"TotalAmt":10,"Balance":0}""", LedgerStatus.Paid)]
    [InlineData("""{"TotalAmt":-10,"Balance":0}""", LedgerStatus.Paid)]
    [InlineData("""{"TotalAmt":123456789012345.67,"Balance":123456789012345.67,"status":"Draft"}""", LedgerStatus.Draft)]
    public void A_status_is_told_by_note_and_amounts_since_no_field_says_it(string json, LedgerStatus expected) =>
        Map("invoices", "1", json).Single().ShouldBeOfType<LedgerDocument>().Status.ShouldBe(expected);

    [Fact]
    public void Tax_that_is_told_for_the_document_only_is_not_invented_for_its_lines() =>
        Map("bills", "1", """{"TotalAmt":12,"TxnTaxDetail":{"TotalTax":2},"Line":[{"Amount":10,"DetailType":"AccountBasedExpenseLineDetail","AccountBasedExpenseLineDetail":{"AccountRef":{"value":"64"},"TaxCodeRef":{"value":"10"}}}]}""")
            .Single().ShouldBeOfType<LedgerDocument>().Lines.Single().ShouldSatisfyAllConditions(line => line.Tax.ShouldBeNull(), line => line.AccountId.ShouldBe("64"), line => line.Net.ShouldBe(10m));

    [Fact]
    public void A_payment_that_pays_two_invoices_with_a_credit_and_too_much_money_is_taken_apart()
    {
        var records = Map("payments", "91", """
            {"TxnDate":"2026-11-01","CustomerRef":{"value":"58"},"DepositToAccountRef":{"value":"35"},"TotalAmt":130,"UnappliedAmt":10,
            "Line":[{"Amount":50,"LinkedTxn":[{"TxnId":"1","TxnType":"Invoice"}]},{"Amount":90,"LinkedTxn":[{"TxnId":"2","TxnType":"Invoice"}]},{"Amount":20,"LinkedTxn":[{"TxnId":"3","TxnType":"CreditMemo"}]}]}
            """);

        var payments = records.OfType<LedgerPayment>().ToList();
        payments.Select(payment => (payment.Id, payment.Settles, payment.DocumentId, payment.Amount, payment.Direction, payment.BatchId)).ShouldBe([
            ("payment-91-1", DocumentKind.SalesInvoice, "invoice-1", 30m, MoneyDirection.In, "payment-91"),
            ("payment-91-2", DocumentKind.SalesInvoice, "invoice-2", 90m, MoneyDirection.In, "payment-91"),
            ("payment-91-3", DocumentKind.SalesOverpayment, "payment-91-unapplied", 10m, MoneyDirection.In, "payment-91")]);
        payments.Sum(payment => payment.Amount).ShouldBe(130m, "as much money as came");
        records.OfType<LedgerCreditUse>().Select(use => (use.Id, use.Credit, use.CreditId, use.DocumentId, use.Amount, use.Date))
            .ShouldBe([("payment-91-use-1", DocumentKind.SalesCreditNote, "creditmemo-3", "invoice-1", 20m, new DateOnly(2026, 11, 1))]);
        var rest = records.OfType<LedgerDocument>().Single();
        (rest.Kind, rest.Outstanding, rest.ContactId).ShouldBe((DocumentKind.SalesOverpayment, 10m, "customer-58"));
    }

    [Fact]
    public void What_a_bill_payment_leaves_unapplied_is_what_its_lines_leave()
    {
        var records = Map("bill-payments", "92", """
            {"TxnDate":"2026-11-01","VendorRef":{"value":"41"},"CheckPayment":{"BankAccountRef":{"value":"35"}},"TotalAmt":100,
            "Line":[{"Amount":70,"LinkedTxn":[{"TxnId":"1","TxnType":"Bill"}]},{"Amount":40,"LinkedTxn":[{"TxnId":"2","TxnType":"Bill"}]},
            {"Amount":30,"LinkedTxn":[{"TxnId":"3","TxnType":"VendorCredit"}]},{"Amount":5,"LinkedTxn":[{"TxnId":"4","TxnType":"VendorCredit"}]}]}
            """);

        records.OfType<LedgerPayment>().Select(payment => (payment.Settles, payment.DocumentId, payment.Amount)).ShouldBe([
            (DocumentKind.Bill, "bill-1", 35m), (DocumentKind.Bill, "bill-2", 40m), (DocumentKind.SupplierOverpayment, "billpayment-92-unapplied", 25m)]);
        records.OfType<LedgerCreditUse>().Select(use => (use.CreditId, use.DocumentId, use.Amount)).ShouldBe([("vendorcredit-3", "bill-1", 30m), ("vendorcredit-4", "bill-1", 5m)]);
        records.OfType<LedgerDocument>().Single().ShouldSatisfyAllConditions(rest => rest.Kind.ShouldBe(DocumentKind.SupplierOverpayment), rest => rest.Outstanding.ShouldBe(25m));
    }

    [Fact]
    public void Tax_by_rate_is_told_for_the_whole_document() =>
        Map("invoices", "1", """
            {"TotalAmt":22,"TxnTaxDetail":{"TotalTax":2,"TaxLine":[{"Amount":2,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"7"},"NetAmountTaxable":10}},
            {"Amount":0,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"9"},"NetAmountTaxable":10}}]}}
            """).Single().ShouldBeOfType<LedgerDocument>().TaxParts.ShouldBe([new LedgerTaxPart("taxrate-7", 10m, 2m), new LedgerTaxPart("taxrate-9", 10m, 0m)]);

    [Theory]
    [InlineData("""{"TotalAmt":0,"PrivateNote":"Voided","Line":[]}""", LedgerStatus.Voided)]
    [InlineData("""{"TotalAmt":0,"Line":[{"Amount":20,"LinkedTxn":[{"TxnId":"1","TxnType":"Invoice"}]},{"Amount":20,"LinkedTxn":[{"TxnId":"3","TxnType":"CreditMemo"}]}]}""", LedgerStatus.Posted)]
    public void A_payment_without_money_is_still_a_payment(string json, LedgerStatus status)
    {
        var payment = Map("payments", "91", json).OfType<LedgerPayment>().Single();
        (payment.Amount, payment.Status).ShouldBe((0m, status));
    }

    [Fact]
    public void A_journal_has_debits_positive_in_the_base_currency()
    {
        var journal = Map("journal-entries", "5", """
            {"TxnDate":"2026-11-01","ExchangeRate":2,"Line":[{"Amount":10,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Debit","AccountRef":{"value":"1"}}},
            {"Amount":10,"DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":{"PostingType":"Credit","AccountRef":{"value":"2"}}}]}
            """).Single().ShouldBeOfType<LedgerJournal>();

        journal.Lines.Select(line => (line.AccountId, line.Net)).ShouldBe([("1", 20m), ("2", -20m)]);
    }

    [Theory]
    [InlineData("purchases", """{"PaymentType":"Check","Credit":false,"AccountRef":{"value":"35"},"EntityRef":{"value":"41","type":"Vendor","name":"Oil Co"},"TotalAmt":9}""", MoneyDirection.Out, "35", "vendor-41")]
    [InlineData("purchases", """{"PaymentType":"CreditCard","Credit":true,"AccountRef":{"value":"36"},"TotalAmt":9}""", MoneyDirection.In, "36", null)]
    [InlineData("sales-receipts", """{"DepositToAccountRef":{"value":"35"},"CustomerRef":{"value":"58"},"TotalAmt":9}""", MoneyDirection.In, "35", "customer-58")]
    [InlineData("refund-receipts", """{"DepositToAccountRef":{"value":"35"},"CustomerRef":{"value":"58"},"TotalAmt":9}""", MoneyDirection.Out, "35", "customer-58")]
    [InlineData("deposits", """{"DepositToAccountRef":{"value":"35"},"TotalAmt":9}""", MoneyDirection.In, "35", null)]
    [InlineData("deposits", """{"DepositToAccountRef":{"value":"35"},"TotalAmt":9,"Line":[{"Amount":4,"DetailType":"DepositLineDetail","DepositLineDetail":{"Entity":{"value":"58","name":"Amy","type":"CUSTOMER"}}},{"Amount":5,"DetailType":"DepositLineDetail","DepositLineDetail":{"Entity":{"value":"58","name":"Amy","type":"CUSTOMER"}}}]}""", MoneyDirection.In, "35", "customer-58")]
    [InlineData("deposits", """{"DepositToAccountRef":{"value":"35"},"TotalAmt":9,"Line":[{"Amount":4,"DetailType":"DepositLineDetail","DepositLineDetail":{"Entity":{"value":"58","name":"Amy","type":"CUSTOMER"}}},{"Amount":5,"DetailType":"DepositLineDetail","DepositLineDetail":{"Entity":{"value":"41","name":"Oil Co","type":"VENDOR"}}}]}""", MoneyDirection.In, "35", null)]
    public void Money_through_a_bank_account_goes_the_way_that_its_kind_says(string dataset, string json, MoneyDirection direction, string account, string? contact)
    {
        var entry = Map(dataset, "1", json).Single().ShouldBeOfType<LedgerBankEntry>();
        (entry.Direction, entry.BankAccountId, entry.ContactId, entry.Gross).ShouldBe((direction, account, contact, 9m));
    }

    [Fact]
    public void Balances_by_month_have_debits_positive_and_leave_sums_out()
    {
        const string Report = """
            {"Header":{},"Columns":{"Column":[{"ColTitle":"","ColType":"Account"},{"ColTitle":"Oct 2026","ColType":"Money","MetaData":[{"Name":"StartDate","Value":"2026-10-01"},{"Name":"EndDate","Value":"2026-10-31"}]},
            {"ColTitle":"Nov 2026","ColType":"Money"},{"ColTitle":"Total","ColType":"Money"}]},
            "Rows":{"Row":[{"type":"Section","group":"TotalAssets","Header":{"ColData":[{"value":"ASSETS"},{"value":""}]},"Rows":{"Row":[{"ColData":[{"value":"Current","id":"35"},{"value":"1200.00"},{"value":"-5.50"},{"value":"9"}],"type":"Data"}]},"Summary":{"ColData":[{"value":"Total"},{"value":"1200.00"}]}},
            {"type":"Section","group":"TotalLiabilitiesAndEquity","Rows":{"Row":[{"group":"Equity","type":"Section","Rows":{"Row":[{"ColData":[{"value":"Capital","id":"2"},{"value":"1200.00"},{"value":""}]}]}}]}}]}}
            """;

        var balances = Map("balance-sheet", "2025-12-01_2026-11-30", Report).Cast<AccountBalance>().ToList();

        balances.Select(one => (one.AccountId, one.AsOf, one.Amount, one.IsSideKnown)).ShouldBe([
            ("35", new DateOnly(2026, 10, 31), 1200m, true), ("35", new DateOnly(2026, 11, 30), -5.5m, true), ("2", new DateOnly(2026, 10, 31), -1200m, true)]);
        balances.ShouldAllBe(one => one.Kind == BalanceKind.Balance && one.WindowEnd == new DateOnly(2026, 11, 30));
    }

    [Fact]
    public void What_a_statement_matches_is_told_by_a_list_and_put_on_the_records()
    {
        var list = Map("reconciled", "2025-12-01_2026-11-30", """
            {"Header":{},"Columns":{"Column":[{"ColTitle":"Date","ColType":"tx_date"},{"ColTitle":"Transaction Type","ColType":"txn_type"}]},
            "Rows":{"Row":[{"ColData":[{"value":"2026-11-01"},{"value":"Expense","id":"1"}],"type":"Data"},{"ColData":[{"value":"2026-11-01"},{"value":"Payment","id":"91"}],"type":"Data"}]}}
            """);
        var links = new LedgerLinks();
        foreach (var record in list.Concat(Map("items", "7", """{"IncomeAccountRef":{"value":"79"},"Sku":"D-1"}""")).Concat(Map("attachments", "4", """{"AttachableRef":[{"EntityRef":{"type":"Invoice","value":"812"}}]}""")))
            links.Add(record);

        LedgerBankEntry Expense(string id, string date) => (LedgerBankEntry)links.Apply(Map("purchases", id, $$"""{"TxnDate":"{{date}}","TotalAmt":9,"AccountRef":{"value":"35"} }""").Single());
        (Expense("1", "2026-11-01").IsReconciled, Expense("2", "2026-11-01").IsReconciled, Expense("3", "2024-01-01").IsReconciled).ShouldBe((true, false, null));
        ((LedgerPayment)links.Apply(Map("payments", "91", """{"TxnDate":"2026-11-01","TotalAmt":9,"UnappliedAmt":0,"DepositToAccountRef":{"value":"35"}}""").OfType<LedgerPayment>().Single())).IsReconciled.ShouldBe(true);
        var invoice = (LedgerDocument)links.Apply(Map("invoices", "812", Invoice).Single());
        (invoice.HasAttachments, invoice.Lines.Single().AccountId, invoice.Lines.Single().ItemCode).ShouldBe((true, "79", "D-1"));
        Expense("1", "2026-11-01").HasAttachments.ShouldBe(false);
    }

    [Fact]
    public void A_company_and_its_settings_make_one_organisation()
    {
        var links = new LedgerLinks();
        links.Add(Map("preferences", "1", """{"AccountingInfoPrefs":{"BookCloseDate":"2026-03-31","FirstMonthOfFiscalYear":"April"},"CurrencyPrefs":{"MultiCurrencyEnabled":true,"HomeCurrency":{"value":"GBP"}},"TaxPrefs":{"UsingSalesTax":true}}""").Single());

        var organisation = (Organisation)links.Apply(Map("company", "1", """{"CompanyName":"Harbour & \"Sons\" 漢字","Country":"GB","FiscalYearStartMonth":"April"}""").Single());

        (organisation.Name, organisation.BaseCurrency, organisation.PeriodLock, organisation.YearEndMonth, organisation.PaysTax)
            .ShouldBe(("Harbour & \"Sons\" 漢字", "GBP", new DateOnly(2026, 3, 31), 3, true));
    }

    [Theory]
    [InlineData("""{"TotalAmt":100,"Line":[]}""", 100)]
    [InlineData("""{"TotalAmt":100,"Line":[{"Amount":60,"LinkedTxn":[{"TxnId":"1","TxnType":"Bill"}]}]}""", 40)]
    [InlineData("""{"TotalAmt":100,"Line":[{"Amount":120,"LinkedTxn":[{"TxnId":"1","TxnType":"Bill"}]},{"Amount":30,"LinkedTxn":[{"TxnId":"2","TxnType":"VendorCredit"}]}]}""", 10)]
    [InlineData("""{"TotalAmt":100,"Line":[{"Amount":100,"LinkedTxn":[{"TxnId":"1","TxnType":"Bill"}]}]}""", 0)]
    [InlineData("""{"TotalAmt":0,"PrivateNote":"Voided","Line":[]}""", 0)]
    public void What_a_payment_to_a_supplier_leaves_unapplied_is_what_its_lines_leave_of_the_money(string json, decimal rest)
    {
        var records = Map("bill-payments", "91", json.Replace("{\"TotalAmt\"", "{\"VendorRef\":{\"value\":\"41\"},\"TotalAmt\"", StringComparison.Ordinal));

        var unapplied = records.OfType<LedgerDocument>().SingleOrDefault();
        (unapplied?.Outstanding ?? 0m).ShouldBe(rest);
        if (unapplied is not null)
            (unapplied.Kind, unapplied.ContactId, unapplied.Id).ShouldBe((DocumentKind.SupplierOverpayment, "vendor-41", "billpayment-91-unapplied"));
    }

    [Theory]
    [InlineData("sales-receipts", "79")]
    [InlineData("refund-receipts", "79")]
    [InlineData("purchases", "81")]
    public void An_items_account_is_that_of_its_sale_or_purchase_whichever_way_the_money_went(string dataset, string account)
    {
        var links = new LedgerLinks();
        links.Add(Map("items", "7", """{"Type":"NonInventory","IncomeAccountRef":{"value":"79"},"ExpenseAccountRef":{"value":"81"}}""").Single());

        foreach (var credit in (string[])["false", "true"])
        {
            var detail = dataset == "purchases" ? "ItemBasedExpenseLineDetail" : "SalesItemLineDetail";
            var json = $$$"""{"Credit":{{{credit}}},"TotalAmt":9,"Line":[{"Amount":9,"DetailType":"{{{detail}}}","{{{detail}}}":{"ItemRef":{"value":"7"} } }]}""";
            ((LedgerBankEntry)links.Apply(Map(dataset, "1", json).Single())).Lines.Single().AccountId.ShouldBe(account);
        }
    }

    [Fact]
    public void Only_an_account_at_a_bank_or_a_card_has_a_statement_and_a_transfer_has_two_sides()
    {
        var links = new LedgerLinks();
        foreach (var record in Map("reconciled", "2025-12-01_2026-11-30", """
            {"Header":{},"Columns":{"Column":[{"ColTitle":"Transaction Type","ColType":"txn_type"}]},"Rows":{"Row":[{"ColData":[{"value":"Transfer","id":"1"}],"type":"Data"},{"ColData":[{"value":"Transfer","id":"2"}],"type":"Data"}]}}
            """)
            .Concat(Map("accounts", "35", """{"AccountType":"Bank"}""")).Concat(Map("accounts", "36", """{"AccountType":"Credit Card"}""")).Concat(Map("accounts", "4", """{"AccountType":"Other Current Asset"}""")))
            links.Add(record);

        bool? Received(string account) => ((LedgerPayment)links.Apply(Map("payments", "91", $$"""{"TxnDate":"2026-11-01","TotalAmt":9,"UnappliedAmt":0,"DepositToAccountRef":{"value":"{{account}}"} }""").Single())).IsReconciled;
        (Received("35"), Received("36"), Received("4")).ShouldBe((false, false, null));
        (bool?, bool?) Moved(string id, string from, string to)
        {
            var transfer = (LedgerTransfer)links.Apply(Map("transfers", id, $$"""{"TxnDate":"2026-11-01","Amount":9,"FromAccountRef":{"value":"{{from}}"},"ToAccountRef":{"value":"{{to}}"} }""").Single());
            return (transfer.FromIsReconciled, transfer.ToIsReconciled);
        }

        Moved("3", "35", "36").ShouldBe((false, false));
        Moved("1", "35", "4").ShouldBe((true, null));
        Moved("2", "35", "36").ShouldBe((null, null), "the list does not say which side");
    }

    [Fact]
    public void A_bundle_posts_the_lines_within_it() =>
        Map("invoices", "1", """
            {"TotalAmt":30,"Balance":0,"Line":[{"Id":"1","Amount":30,"DetailType":"GroupLineDetail","GroupLineDetail":{"GroupItemRef":{"value":"9"},"Quantity":1,"Line":[
            {"Id":"2","Amount":10,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"}}},{"Id":"3","Amount":20,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"8"}}}]}}]}
            """).Single().ShouldBeOfType<LedgerDocument>().Lines.Select(line => (line.ItemId, line.Net)).ShouldBe([("7", 10m), ("8", 20m)]);

    [Fact]
    public void A_deposit_from_which_a_card_processor_kept_its_fee_is_the_payments_and_money_that_went()
    {
        var entries = Map("deposits", "5", """
            {"TxnDate":"2026-11-01","DepositToAccountRef":{"value":"35"},"TotalAmt":95,"Line":[{"Amount":100,"LinkedTxn":[{"TxnId":"91","TxnType":"Payment"}],"DetailType":"DepositLineDetail","DepositLineDetail":{}},
            {"Amount":-5,"DetailType":"DepositLineDetail","DepositLineDetail":{"AccountRef":{"value":"60"}}}]}
            """).Cast<LedgerBankEntry>().ToList();

        entries.Select(entry => (entry.Id, entry.Direction, entry.Gross, entry.Net)).ShouldBe([("deposit-5", MoneyDirection.Out, 5m, 5m), ("deposit-5-gathered", MoneyDirection.In, 100m, 100m)]);
        entries[0].Lines.Single().Net.ShouldBe(5m);
    }

    [Fact]
    public void A_deposit_of_payments_received_before_and_of_new_money_is_both()
    {
        var entries = Map("deposits", "5", """
            {"TxnDate":"2026-11-01","DepositToAccountRef":{"value":"35"},"TotalAmt":120,"Line":[{"Amount":100,"LinkedTxn":[{"TxnId":"91","TxnType":"Payment"}],"DetailType":"DepositLineDetail","DepositLineDetail":{}},
            {"Amount":20,"DetailType":"DepositLineDetail","DepositLineDetail":{"AccountRef":{"value":"79"}}}]}
            """).Cast<LedgerBankEntry>().ToList();

        entries.Select(entry => (entry.Id, entry.PartOf, entry.Kind, entry.Gross, entry.Net)).ShouldBe([
            ("deposit-5", null, BankEntryKind.Direct, 20m, 20m), ("deposit-5-gathered", "deposit-5", BankEntryKind.Transfer, 100m, 100m)]);
        entries[0].Lines.Single().AccountId.ShouldBe("79");
        var links = new LedgerLinks();
        foreach (var record in Map("reconciled", "2025-12-01_2026-11-30", """{"Header":{},"Columns":{"Column":[{"ColTitle":"Transaction Type","ColType":"txn_type"}]},"Rows":{"Row":[{"ColData":[{"value":"Deposit","id":"5"}],"type":"Data"}]}}"""))
            links.Add(record);
        entries.ShouldAllBe(entry => ((LedgerBankEntry)links.Apply(entry)).IsReconciled == true);
    }

    [Fact]
    public void A_tax_code_comes_to_what_its_rates_come_to_together()
    {
        var links = new LedgerLinks();
        foreach (var record in Map("tax-rates", "1", """{"Name":"GST","RateValue":5}""").Concat(Map("tax-rates", "2", """{"Name":"QST","RateValue":10}""")).Concat(Map("tax-rates", "3", """{"Name":"Reverse","RateValue":-5}""")))
            links.Add(record);
        TaxRate Code(string sales, string purchases) => (TaxRate)links.Apply(Map("tax-codes", "10", $$"""{"Name":"C","SalesTaxRateList":{"TaxRateDetail":[{{sales}}]},"PurchaseTaxRateList":{"TaxRateDetail":[{{purchases}}]} }""").Single());
        const string Gst = """{"TaxRateRef":{"value":"1"},"TaxTypeApplicable":"TaxOnAmount"}""";
        const string OnTop = """{"TaxRateRef":{"value":"2"},"TaxTypeApplicable":"TaxOnAmountPlusTax"}""";
        const string Back = """{"TaxRateRef":{"value":"3"},"TaxTypeApplicable":"TaxOnAmount"}""";

        (Code(Gst, "").EffectiveRate, Code(OnTop + "," + Gst, "").EffectiveRate, Code(Gst, Gst + "," + Back).EffectiveRate).ShouldBe((5m, 15.5m, null));
        Code(Gst + "," + OnTop.Replace("TaxOnAmountPlusTax", "TaxOnTax", StringComparison.Ordinal), "").EffectiveRate.ShouldBeNull("a word that we do not know");
        Code(Gst + "," + OnTop, "").Components.ShouldBe([new TaxComponent("GST", 5m, false, false), new TaxComponent("QST", 10m, true, false)]);
    }

    private IReadOnlyList<LedgerRecord> Map(string dataset, string id, string json) =>
        _mapping.Map(QuickBooksDatasets.All.Single(one => one.Name == dataset), id, Encoding.UTF8.GetBytes(json));
}
