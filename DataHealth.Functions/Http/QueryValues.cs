using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>How much of a list is asked for.</summary>
internal sealed record Paging(int Take, string? Continuation)
{
    public const int Most = 500;
    public const int Usual = 50;

    /// <summary>Reads <c>take</c> and <c>continuation</c>; the only query values that lists know.</summary>
    public static Problem? Read(HttpRequest request, out Paging paging)
    {
        paging = new(Usual, null);
        foreach (var (name, values) in request.Query)
        {
            if (values.Count != 1)
                return Problems.BadField(name, "given more than once.");
            var value = values[0] ?? "";
            switch (name)
            {
                case "take" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var take) && take is >= 1 and <= Most:
                    paging = paging with { Take = take };
                    break;
                case "take":
                    return Problems.BadField("take", $"a whole number from 1 to {Most}.");
                case "continuation" when value.Length is > 0 and <= 2048:
                    paging = paging with { Continuation = value };
                    break;
                case "continuation":
                    return Problems.BadField("continuation", "the value that the previous page gave.");
            }
        }
        return null;
    }
}
