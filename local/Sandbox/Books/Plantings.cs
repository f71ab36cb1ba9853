namespace DataHealth.Local.Sandbox.Books;

/// <summary>Names the faults that the generator put into the books, for the health checks to find.</summary>
internal sealed class Plantings(Company company, Generated generated, Shelf bank)
{
    public IReadOnlyList<PlantedFault> All()
    {
        var faults = new List<PlantedFault>();
        for (var slot = company.Customers + company.Suppliers; slot < company.Customers + company.Suppliers + company.TwinContacts; slot++)
        {
            faults.Add(Fault("duplicate-contacts", "Two spellings of one contact.", BookCollections.Contacts, company.ContactId(slot),
                company.ContactId(company.TwinOf(slot))));
        }

        for (var i = company.Invoices - company.Duplicates; i < company.Invoices; i++)
        {
            faults.Add(Fault("duplicate-bills", "The same bill entered twice, two days apart.", BookCollections.Invoices, Invoice(i), Invoice(company.CopyOf(i))));
        }

        faults.Add(Fault("multi-coded-contact", "A regular supplier whose bills now and then go to 429.", BookCollections.Contacts,
            company.ContactId(company.Customers + company.Regulars - 1)));
        faults.Add(Fault("dormant-account", "Active, never used.", BookCollections.Accounts, Account("206")));
        for (var r = 0; r < company.Regulars; r++)
        {
            faults.Add(Fault("missing-contact-default", "Billed every month, nearly always to one account, no default account.", BookCollections.Contacts,
                company.ContactId(company.Customers + r)));
        }

        faults.Add(Fault("supplier-spike", "Four times the usual monthly bill.", BookCollections.Invoices, Invoice(Company.Months - 1)));
        faults.Add(Fault("supplier-missing", "The latest monthly bill was deleted.", BookCollections.Contacts, company.ContactId(company.Customers + 1)));
        faults.Add(new PlantedFault("period-lock-behind", [], "The period lock is four months behind, the year-end lock a year."));
        faults.Add(Fault("fixed-asset-unmapped", "Cost account with a balance and no asset type.", BookCollections.Accounts, Account("780")));
        faults.Add(Fault("depreciation-behind", "The last run is a month and more behind.", BookCollections.AssetSettings, company.IdOf(Kinds.Settings, 0)));
        faults.Add(Fault("paye-unpaid", "The latest PAYE payment is short.", BookCollections.Accounts, Account("825")));
        faults.Add(Fault("card-unreconciled", "Nothing on the card was reconciled for 75 days.", BookCollections.Accounts, Account("093")));
        for (var i = 1; i <= company.LooseCredits; i++)
            faults.Add(Fault("unallocated-credit", "A credit note that no invoice uses.", BookCollections.CreditNotes, company.CreditOf(-i).Id));
        BankFaults(faults);
        return faults;
    }

    private void BankFaults(List<PlantedFault> faults)
    {
        var planned = Math.Min(Company.PlannedEntries, (generated.BankEntries - generated.Brought) * 2 / 3);
        for (var i = 0; i < Math.Min(planned, Company.PlantedSuspense + Company.PlantedWrongTax); i++)
        {
            var id = bank.IdAt(generated.Brought + i);
            faults.Add(i < Company.PlantedSuspense
                ? Fault("suspense", "Coded to suspense.", BookCollections.BankTransactions, id)
                : Fault("wrong-tax", "Input tax on wages.", BookCollections.BankTransactions, id));
            faults.Add(Fault("missing-attachment", "No receipt.", BookCollections.BankTransactions, id));
        }

        for (var slot = generated.Brought + planned; slot < generated.BankEntries; slot++)
        {
            if (generated.BankTransaction(slot) is { IsReconciled: false, State: "AUTHORISED" } entry && entry.Date < company.LastDay.AddDays(-30))
                faults.Add(Fault("unreconciled-old", "Over thirty days old and not reconciled.", BookCollections.BankTransactions, entry.Id));
        }
    }

    private Guid Invoice(int index) => company.Invoice(index).Id;

    private Guid Account(string code) => company.Chart.Accounts[company.Chart[code]].Id;

    private static PlantedFault Fault(string kind, string note, string collection, params Guid[] ids) =>
        new(kind, [.. ids.Select(id => new RecordRef(collection, id))], note);
}
