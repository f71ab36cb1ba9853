using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

/// <summary>Names, items, accounts and what is attached.</summary>
internal sealed partial class Rendering
{
    public const string Attachments = "Attachable/";

    private DateTime FirstMoment => _company.Start.ToDateTime(new TimeOnly(9, 0), DateTimeKind.Utc);

    private JsonObject Contact(string entity, int slot, BagRecord bag, JsonObject json)
    {
        var active = EntitySources.IsActive(bag);
        var vendor = entity == EntityNames.Vendor;
        var name = Shown((string)bag.Fields["Name"]!, active);
        Created(json, _company.Start);
        json.Set("GivenName", bag.Fields["FirstName"] as string);
        json.Set("FamilyName", bag.Fields["LastName"] as string);
        json["DisplayName"] = name;
        json.Set("CompanyName", bag.Fields["Name"] as string);
        json["PrintOnCheckName"] = bag.Fields["Name"] as string;
        json["Active"] = active;
        if (bag.Fields["EmailAddress"] is string { Length: > 0 } email)
            json["PrimaryEmailAddr"] = new JsonObject { ["Address"] = email };
        if (((object[])bag.Fields["Phones"]!)[0] is Bag phone)
            json["PrimaryPhone"] = new JsonObject { ["FreeFormNumber"] = $"{phone["PhoneAreaCode"]} {phone["PhoneNumber"]}" };
        if (((object[])bag.Fields["Addresses"]!)[0] is Bag address)
        {
            json["BillAddr"] = new JsonObject
            {
                ["Id"] = EntityBook.Text(slot + 10),
                ["Line1"] = (string?)address["AddressLine1"],
                ["City"] = (string?)address["City"],
                ["Country"] = Country3,
                ["PostalCode"] = (string?)address["PostalCode"],
            };
        }

        json.Set(vendor ? "TaxIdentifier" : "PrimaryTaxIdentifier", Masked(bag.Fields["TaxNumber"] as string));
        json.Set("BusinessNumber", bag.Fields["CompanyNumber"] as string);
        if (_company.Spec.MultiCurrency)
            json["CurrencyRef"] = Json.Ref(_company.ContactCurrency(slot), FixedEntities.CurrencyName(_company.ContactCurrency(slot)));
        if (bag.Fields["PaymentTerms"] is Bag)
            json[vendor ? "TermRef" : "SalesTermRef"] = FixedEntities.TermRef(30);
        var (receivable, payable) = books.Due(slot);
        json["Balance"] = vendor ? payable : receivable;
        if (vendor)
        {
            json.Set("AcctNum", bag.Fields["AccountNumber"] as string);
            json["Vendor1099"] = false;
            if (bag.Fields["BankAccountDetails"] is string { Length: > 9 } bank)
                json["VendorPaymentBankDetail"] = new JsonObject { ["BankAccountName"] = bag.Fields["Name"] as string, ["BankAccountNumber"] = "XXXX" + bank[^4..], ["BankBranchIdentifier"] = bank[..6] };
        }
        else
        {
            json["BalanceWithJobs"] = receivable;
            json["Taxable"] = true;
            json["Job"] = false;
            json["BillWithParent"] = false;
            json["FullyQualifiedName"] = name;
            json["PreferredDeliveryMethod"] = "Email";
        }

        if (bag.Fields["AccountsPayableTaxType"] is string { Length: > 0 } type)
            json["DefaultTaxCodeRef"] = TaxCodeRef(_company.Taxes.ByType(type));
        return json;
    }

    private JsonObject Item(BagRecord bag, JsonObject json)
    {
        Created(json, _company.Start);
        var name = (string)bag.Fields["Name"]!;
        json["Name"] = name;
        json.Set("Sku", bag.Fields["Code"] as string);
        json.Set("Description", bag.Fields["Description"] as string);
        json["Active"] = true;
        json["FullyQualifiedName"] = name;
        json["Taxable"] = true;
        json["SalesTaxIncluded"] = false;
        json["UnitPrice"] = ((Fixed)((Bag)bag.Fields["SalesDetails"]!)["UnitPrice"]!).Value;
        json["Type"] = bag.Fields["PurchaseDetails"] is null ? "Service" : "NonInventory";
        json["IncomeAccountRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["200"]]);
        if (bag.Fields["PurchaseDetails"] is Bag bought)
        {
            json["PurchaseCost"] = ((Fixed)bought["UnitPrice"]!).Value;
            json["ExpenseAccountRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["310"]]);
        }

        json["TrackQtyOnHand"] = false;
        return json;
    }

    private JsonObject Account(int slot, BagRecord bag, JsonObject json)
    {
        var account = _company.Chart.Accounts[slot];
        var active = EntitySources.IsActive(bag);
        var (type, subType, classification) = AccountTypes.Of(account);
        var name = Shown((string)bag.Fields["Name"]!, active);
        Created(json, _company.Start);
        json["Name"] = name;
        // Motor expenses are an account below vehicles, where that is used.
        var below = account.Code == "449" && _company.HasFaults;
        json["SubAccount"] = below;
        if (below)
            json["ParentRef"] = AccountRef(_company.Chart.Accounts[_company.Chart["448"]]);
        json["FullyQualifiedName"] = below ? _company.Chart.Accounts[_company.Chart["448"]].Name + ":" + name : name;
        json["Active"] = active;
        json["Classification"] = classification;
        json["AccountType"] = type;
        json["AccountSubType"] = subType;
        json["AcctNum"] = account.Code;
        var balance = classification is "Revenue" or "Expense" ? 0m : books.ReadLedger(ledger => ledger.Net(account.Index, _company.Start, _company.Spec.Today.AddYears(2)));
        json["CurrentBalance"] = type == "Credit Card" ? -balance : balance;
        json["CurrentBalanceWithSubAccounts"] = type == "Credit Card" ? -balance : balance;
        if (_company.Spec.MultiCurrency)
            json["CurrencyRef"] = Json.Ref(account.Currency, FixedEntities.CurrencyName(account.Currency));
        if (account.TaxType != _company.Taxes.ByRole("N").Type)
            json["TaxCodeRef"] = TaxCodeRef(_company.Taxes.ByType(account.TaxType));
        return json;
    }

    private JsonObject? Attachable(long id, EntitySource source, DateTime updated)
    {
        var owner = new EntitySource(source.Collection[Attachments.Length..], source.Slot);
        var (entity, ownerId) = book.Of(owner);
        if (entity is null)
            return null;
        var json = Json.Entity(EntityBook.Text(id), book.SyncToken(EntityNames.Attachable, id), updated, updated);
        json["AttachableRef"] = new JsonArray(new JsonObject { ["EntityRef"] = Json.Ref(EntityBook.Text(ownerId), null, entity), ["IncludeOnSend"] = false });
        json["FileName"] = $"{entity}-{ownerId}.pdf";
        json["FileAccessUri"] = $"/v3/company/attachable/{id}";
        json["Size"] = 20_000 + (int)(id % 70_000);
        json["ContentType"] = "application/pdf";
        return json;
    }

    /// <summary>What was made inactive says so in its name.</summary>
    private static string Shown(string name, bool active) => active ? name : name + " (deleted)";

    private static string? Masked(string? number) => number is { Length: > 4 } ? new string('X', number.Length - 4) + number[^4..] : null;

    /// <summary>Countries in addresses have had three letters since October 2025.</summary>
    private string Country3 => _company.Spec.Country switch { "GB" => "GBR", "NZ" => "NZL", "AU" => "AUS", _ => "USA" };
}
