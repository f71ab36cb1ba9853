using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>Reads what a list's address asks for, value by value.</summary>
internal static class QueryReader
{
    /// <summary>Reads the paging and every other value.</summary>
    /// <param name="request">The request.</param>
    /// <param name="start">What is asked for where nothing is said.</param>
    /// <param name="take">The query with one value of that name taken in; null where the value is wrong. A name that means nothing leaves it as it is.</param>
    /// <param name="expected">What a value of that name should have been.</param>
    /// <param name="query">The query.</param>
    /// <param name="paging">The paging; its continuation is for the caller to understand.</param>
    public static Problem? Read<TQuery>(HttpRequest request, TQuery start, Func<TQuery, string, string, TQuery?> take, Func<string, string> expected, out TQuery query, out Paging paging)
        where TQuery : class
    {
        query = start;
        if (Paging.Read(request, out paging) is { } wrong)
            return wrong;
        foreach (var (name, values) in request.Query)
        {
            if (take(query, name, values[0] ?? "") is not { } taken)
                return Problems.BadField(name, expected(name));
            query = taken;
        }
        return null;
    }

    /// <summary>The value of an enum by its word as the API writes it; null for any other word.</summary>
    public static TWord? Word<TWord>(string value)
        where TWord : struct, Enum
    {
        foreach (var known in Enum.GetValues<TWord>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(known.ToString()) == value)
                return known;
        }
        return null;
    }

    /// <summary>What a day in an address must be.</summary>
    public const string DayWords = "a day between 2000 and 2100, as yyyy-MM-dd.";

    /// <summary>A day; null for anything else, and for days that no books have.</summary>
    public static DateOnly? Day(string? value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2100 ? day : null;

    /// <summary>A moment with its offset, or in UTC without one; null for anything else.</summary>
    public static DateTimeOffset? Moment(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year is >= 2000 and <= 2100 ? moment.ToUniversalTime() : null;
}
