namespace DataHealth.Local.Sandbox.Books;

/// <summary>What is wrong with bank accounts, tax, ledger accounts and settings.</summary>
internal sealed partial class Planting
{
    private void Bank(int round)
    {
        foreach (var (back, amount, bank) in new[] { (40, 118.35m, "090"), (33, 93.80m, "090"), (50, 56.45m, "093") })
        {
            var open = Add(Spent(Supplier(), back, amount + round, bank) with { IsReconciled = false });
            Fault("bank-reconciliation", "Not reconciled for weeks.", open.Total, Of(open));
        }

        var paid = Add(Paid(Sale(Customer(), 60, 475m + round), false, 35));
        Fault("bank-reconciliation", "A payment that was not reconciled for weeks.", paid.Total, new RecordRef(BookCollections.Payments, paid.Payments[0].Id));

        var gone = Add(Spent(Supplier(), 45, 81.15m + round) with { IsReconciled = false, State = "DELETED" });
        Near("bank-reconciliation", "Deleted: it will never meet a statement line.", Of(gone));
        var fresh = Add(Spent(gone.Contact, 4, 37.20m + round) with { IsReconciled = false });
        Near("bank-reconciliation", "Not reconciled, and days old.", Of(fresh));
    }

    private void Tax(int round)
    {
        var entry = Add(Spent(Supplier("429"), 26, 75m + round, "090", "850", "N"));
        Fault("suspense", "Coded to suspense.", entry.Total, Of(entry));
        if (_company.Spec.Country == "US")
            return;
        var income = Add(Bill(Supplier(), 22, 140m + round, null, "S"));
        Fault("tax-coding", "A tax code of sales on a purchase.", income.Total, Of(income));
        var wages = Add(Spent(Supplier("477"), 23, 360m + round, "090", null, "P"));
        Fault("tax-coding", "Input tax on wages.", wages.Total, Of(wages));
        var unnumbered = Add(Bill(Supplier("401", new PlantedContact(NoTaxNumber: true)), 10, 2_000m + round));
        Fault("tax-coding", "Much tax from a supplier without a tax number.", unnumbered.Total, Of(unnumbered));
        var untaxed = Add(Sale(Customer(), 15, 1_800m + round, null, "N"));
        Fault("tax-coding", "A large sale without tax.", untaxed.Total, Of(untaxed));
        if (round > 0)
            return;
        var equipment = Add(Bill(Supplier("710"), 8, 640m));
        Near("tax-coding", "Tax on equipment is as it should be.", Of(equipment));
        var export = Add(Sale(Customer("204"), 9, 400m));
        Near("tax-coding", "An export, rightly zero-rated.", Of(export));
        if (_company.Spec.Country != "GB")
            return;
        var guests = Add(Bill(Supplier("420"), 25, 90m, null, "P"));
        Fault("business-entertainment", "Input tax on the entertainment of guests.", guests.Total, Of(guests));
        var staff = Add(Bill(Supplier("421"), 24, 75m));
        Near("business-entertainment", "A staff party within the limit of an employee.", Of(staff));
    }

    /// <summary>Only QuickBooks can tell these.</summary>
    private void CleanUp(int round)
    {
        var nobody = Add(Spent(Supplier(), 14, 31.20m + round) with { NoPayee = true });
        Fault("clean-up", "Money spent without a payee.", nobody.Total, Of(nobody));
        var unclassed = Add(Bill(nobody.Contact, 13, 222m + round) with { NoClass = true });
        Fault("clean-up", "A bill without a class, where the company uses classes.", unclassed.Total, Of(unclassed));
        if (round > 0)
            return;
        var parent = Add(Spent(Supplier("448"), 12, 42.30m));
        Fault("clean-up", "Coded to an account that has accounts below it.", parent.Total, Of(parent), OfAccount("448"));
        var child = Add(Bill(Supplier("449"), 11, 66m));
        Near("clean-up", "Coded to the account below.", Of(child));
    }

    private void State()
    {
        for (var slot = _company.Customers + _company.Suppliers; slot < _company.Customers + _company.Suppliers + _company.TwinContacts; slot++)
            Fault("duplicate-contacts", "Two spellings of one contact.", null, OfContact(slot), OfContact(_company.TwinOf(slot)));
        var (john, jane) = (Customer(name: "John Carter"), Customer(name: "Jane Carter"));
        Add(Sale(john, 12, 55m));
        Add(Sale(jane, 13, 58m));
        Near("duplicate-contacts", "Two people of one family.", OfContact(john), OfContact(jane));

        Fault("dormant-accounts", "Active, never used.", null, OfAccount("206"));
        Near("dormant-accounts", "Not used for years, with a balance.", OfAccount("900"));
        Near("dormant-accounts", "Equity.", OfAccount("950"));

        Fault("fixed-assets", "A cost account with a balance and no asset type.", 9_750m, OfAccount("780"));
        LedgerOnly.Add(new(LedgerOnlyKind.Depreciation, Day(70), "416", "721", 45m));
        Fault("fixed-assets", "The ledger has 45.00 more depreciation than the register.", 45m, OfAccount("721"));
        Fault("fixed-assets", "Depreciation is a month behind.", null, new RecordRef(BookCollections.AssetSettings, _company.IdOf(Kinds.Settings, 0)));
        for (var i = 0; i < _company.Assets; i++)
        {
            if (_company.IsDraft(i))
                Fault("fixed-assets", "A draft in the register.", null, new RecordRef(BookCollections.Assets, _company.IdOf(Kinds.Asset, i)));
        }

        Near("fixed-assets", "Two asset types share this account.", OfAccount("710"));

        _faults.Add(new PlantedFault("lock-dates", [], "The period lock is years behind.", null, "period-lock", IsOfXero: true));
        _faults.Add(new PlantedFault("lock-dates", [], "The year-end lock is years behind.", null, "year-end-lock"));

        var (spike, missing, rent) = (_company.Invoice(_company.RegularBill(0)), _company.Customers + 1, _company.Customers + 2);
        Fault("regular-suppliers", "Four times the usual monthly bill.", spike.Total, OfContact(_company.Customers), Of(spike));
        Fault("regular-suppliers", "The bill of the last complete month was deleted.", null, OfContact(missing));
        Near("regular-suppliers", "The rent, the same every month.", OfContact(rent));
        var bill = _company.RegularBill(2);
        Near("duplicate-transactions", "The rent of two months.", Of(_company.Invoice(bill - 1)), Of(_company.Invoice(bill)));
        Near("contact-defaults", "Always one account, and it is the default.", OfContact(rent));
        Near("multi-coded-contacts", "PAYE and NIC, the same split every month.", OfContact(_company.TheTaxOffice));

        foreach (var (kind, code, wrong, right) in new[]
        {
            ("paye", "825", "The latest payment is short.", "The latest run is owed, and not due yet."),
            ("net-wages", "814", "The latest wages were paid short.", "Nothing is owed."),
            ("pensions", "858", "Nothing was paid for two months.", "The latest run is owed, and not due yet."),
        })
        {
            if (_company.IsWrong(code))
                Fault(kind, wrong, null, OfAccount(code));
            else
                Near(kind, right, OfAccount(code));
        }

        LedgerOnly.Add(new(LedgerOnlyKind.Other, Day(60), "836", "090", 12_500m));
        Fault("directors-loan", "A director owes the company 12,500.", 12_500m, OfAccount("836"));
        Near("directors-loan", "The company owes the director.", OfAccount("835"));

        Add(Spent(Supplier("489"), 150, 60m, "094"));
        Add(Spent(Contacts.Keys.Max(), 140, 55.50m, "094"));
        Fault("bank-reconciliation", "Nothing was entered, so nothing reconciled, for months.", null, OfAccount("094"));
        Fault("wrong-sign-balances", "More cash was spent than there was.", 115.50m, OfAccount("094"));
        Near("wrong-sign-balances", "A credit card owes, as cards do.", OfAccount("093"));

        Fault("suspense", "The suspense account has a balance.", null, OfAccount("850"));
        Near("suspense", "Empty.", OfAccount("840"));
    }

    /// <summary>One customer owes four tenths of a year's sales, and a dividend is more than there can be to pay it from.</summary>
    private void DebtorDays()
    {
        var sales = YearOfSales();
        var slow = Add(Sale(Customer(), 28, decimal.Floor(sales * 0.4m)));
        _faults.Add(new PlantedFault("debtor-days", [Of(slow)], "What one customer owes makes more than ninety days of sales.", slow.Total, "organisation"));
        LedgerOnly.Add(new(LedgerOnlyKind.Other, Day(45), "970", "835", decimal.Floor(_company.OpeningReserves + (sales * 8m) + 500_000m)));
        Fault("dividends", "More than all profits and reserves.", null, OfAccount("970"));
    }

    /// <summary>Net, estimated from a sample.</summary>
    private decimal YearOfSales()
    {
        var step = Math.Max(1, _company.FreeInvoices / 1500);
        var sum = 0m;
        for (var i = 0; i < _company.FreeInvoices; i += step)
        {
            if (_company.Invoice(i) is { IsSale: true, IsDead: false } sale && sale.Date > Day(365))
                sum += GeneralLedger.Base(sale.SubTotal, sale.Rate);
        }

        return sum * step;
    }
}
