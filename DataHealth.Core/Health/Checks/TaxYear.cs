using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health.Checks;

/// <summary>The tax year of persons.</summary>
internal static class TaxYear
{
    /// <summary>The first day of the one that holds a day: 6 April in the United Kingdom, else that of the business; null where the books do not tell when that ends.</summary>
    public static DateOnly? StartOf(Organisation organisation, DateOnly day) =>
        organisation.Country is "GB" or "UK" ? new FinancialYear(4, 5).StartOf(day) : FinancialYear.Of(organisation)?.StartOf(day);
}
