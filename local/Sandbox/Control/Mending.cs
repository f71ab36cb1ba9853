using System.Globalization;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.QuickBooks.Books;

namespace DataHealth.Local.Sandbox.Control;

/// <summary>Which planted faults shall be mended: all that can be, unless kinds are named.</summary>
public sealed record MendAsked(IReadOnlyList<string>? Kinds = null);

/// <summary>How many were mended of each kind, and why the books would not take the others.</summary>
public sealed record Mended(IReadOnlyDictionary<string, int> ByKind, IReadOnlyList<string> Refused);

/// <summary>What a bookkeeper would do about a planted fault, as an edit.</summary>
public static class Mending
{
    private static readonly string[] AtBoth = ["aged-balances", "attachments", "bank-reconciliation", "dormant-accounts", "duplicate-contacts", "duplicate-transactions", "lock-dates"];

    // QuickBooks' books hold no drafts and no defaults.
    private static readonly string[] AtXero = [.. AtBoth, "contact-defaults", "draft-documents"];

    /// <exception cref="ArgumentException">A kind cannot be mended.</exception>
    public static Mended InXero(MendAsked? asked, IReadOnlyList<PlantedFault> faults, BooksSpec spec, Guid organisation, Action<EditOrder> apply) =>
        All(asked, AtXero, faults, fault => fault.Kind, fault => Xero(fault, spec, organisation), apply);

    /// <inheritdoc cref="InXero"/>
    public static Mended InQuickBooks(MendAsked? asked, IReadOnlyList<PlantedEntityFault> faults, BooksSpec spec, Action<EditOrder> apply) =>
        All(asked, AtBoth, faults, fault => fault.Kind, fault => QuickBooks(fault, spec), apply);

    private static Mended All<TFault>(MendAsked? asked, string[] known, IReadOnlyList<TFault> faults, Func<TFault, string> kindOf, Func<TFault, EditOrder?> mend, Action<EditOrder> apply)
    {
        var kinds = asked?.Kinds ?? known;
        if (kinds.FirstOrDefault(kind => !known.Contains(kind)) is { } unknown)
            throw new ArgumentException($"Faults of the kind '{unknown}' cannot be mended here. Those that can: {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        var (done, refused) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<string>());
        foreach (var fault in faults.Where(fault => kinds.Contains(kindOf(fault))))
        {
            if (mend(fault) is not { } order)
                continue;
            try
            {
                apply(order);
                done[kindOf(fault)] = done.GetValueOrDefault(kindOf(fault)) + 1;
            }
            catch (InvalidOperationException no)
            {
                // Mended or edited before: the others still can be.
                refused.Add(no.Message);
            }
        }
        return new Mended(done, refused);
    }

    private static EditOrder? Xero(PlantedFault fault, BooksSpec spec, Guid organisation)
    {
        if (fault.Kind == "lock-dates")
            return new EditOrder(EditKind.Edit, BookCollections.Organisation, organisation.ToString(), 0, new() { [fault.Subject == "period-lock" ? "PeriodLockDate" : "EndOfYearLockDate"] = LastMonthEnd(spec) });
        var (collection, id) = (fault.Records[^1].Collection, fault.Records[^1].Id.ToString());
        return fault.Kind switch
        {
            "duplicate-transactions" => new(collection == BookCollections.Invoices ? EditKind.Void : EditKind.Delete, collection, id),
            "duplicate-contacts" => Merge(collection, fault.Records[0].Id.ToString(), id),
            "contact-defaults" => new(EditKind.Edit, collection, id, 0, new() { ["PurchasesDefaultAccountCode"] = "441", ["AccountsPayableTaxType"] = Taxes.Of(spec.Country).ByRole("P").Type }),
            "bank-reconciliation" when collection != BookCollections.Accounts => new(EditKind.Edit, collection, id, 0, new() { ["IsReconciled"] = "true" }),
            "draft-documents" => new(EditKind.Delete, collection, id),
            _ => Common(fault.Kind, collection, id),
        };
    }

    // A bill is deleted here and not voided, and matching with the bank moves no LastUpdatedTime.
    private static EditOrder? QuickBooks(PlantedEntityFault fault, BooksSpec spec)
    {
        if (fault.Kind == "lock-dates")
            return new EditOrder(EditKind.Edit, EntityNames.Preferences, "1", 0, new() { ["BookCloseDate"] = LastMonthEnd(spec) });
        var (collection, id) = fault.Records[^1];
        return fault.Kind switch
        {
            "duplicate-transactions" => new(EditKind.Delete, collection, id),
            "duplicate-contacts" => Merge(collection, fault.Records[0].Id, id),
            "bank-reconciliation" when collection != EntityNames.Account => new(EditKind.Silent, collection, id),
            _ => Common(fault.Kind, collection, id),
        };
    }

    private static EditOrder? Common(string kind, string collection, string id) => kind switch
    {
        "aged-balances" => new(EditKind.Pay, collection, id),
        "attachments" => new(EditKind.Edit, collection, id, 0, new() { ["HasAttachments"] = "true" }),
        "dormant-accounts" => new(EditKind.Archive, collection, id),
        _ => null,
    };

    private static EditOrder Merge(string collection, string id, string into) => new(EditKind.Merge, collection, id, 0, new() { ["into"] = into });

    // The books end yesterday.
    private static string LastMonthEnd(BooksSpec spec)
    {
        var last = spec.Today.AddDays(-1);
        return new DateOnly(last.Year, last.Month, 1).AddDays(-1).ToString("O", CultureInfo.InvariantCulture);
    }
}
