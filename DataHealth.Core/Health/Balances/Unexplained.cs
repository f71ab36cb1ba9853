namespace DataHealth.Core.Health.Balances;

/// <summary>An account at a month's end: what the provider's report says, what documents make of it, and what is left. Income and expenses: what the month moved. Debits are positive, base currency.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="MonthEnd">The last day of the month.</param>
/// <param name="Reported">The provider's figure.</param>
/// <param name="Explained">What the documents make of it.</param>
public sealed record AccountMonth(string AccountId, DateOnly MonthEnd, decimal Reported, decimal Explained)
{
    /// <summary>
    /// What no document explains: conversion balances, pay runs, depreciation, revaluation, the cost of stock, and whatever is wrong. Shown as such, never spread over something else.
    /// </summary>
    public decimal Unexplained => Reported - Explained;
}

/// <summary>Lays what reports say beside what documents explain.</summary>
public static class Unexplained
{
    /// <summary>Every account of the chart in every month that a report covers, by month and account.</summary>
    /// <param name="frame">The accounts.</param>
    /// <param name="reported">What the reports say.</param>
    /// <param name="explained">What the documents make.</param>
    public static IEnumerable<AccountMonth> Of(BooksFrame frame, MonthEndBalances reported, ExplainedBalances explained)
    {
        var accounts = frame.Accounts.Select(account => account.Id).Order(StringComparer.Ordinal).ToList();
        foreach (var month in reported.MonthEnds.Union(reported.Months).Order())
        {
            foreach (var account in accounts)
            {
                if ((reported.Balance(account, month) ?? reported.Movement(account, month)) is { } figure && (explained.Balance(account, month) ?? explained.Movement(account, month)) is { } made)
                    yield return new(account, month, figure, made);
            }
        }
    }
}
