using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Api;

/// <summary>GET and POST /query, also inside a batch.</summary>
internal static class QueryApi
{
    /// <summary>The object inside QueryResponse.</summary>
    /// <exception cref="QueryException">The statement cannot be read or is not allowed.</exception>
    public static JsonObject Run(RealmBooks books, string query, QuickBooksSwitches switches)
    {
        if (string.IsNullOrWhiteSpace(query))
            throw QueryException.Parse("Encountered \"<EOF>\" at line 1, column 1.");
        var statement = QueryParser.Parse(query, switches.StrictEntityNames);
        if (switches.NotInPlan.Contains(statement.Entity))
            throw QueryException.NotInPlan(statement.Entity);
        var result = QueryEngine.Run(books, statement, new QuerySpelling(switches.IdsAsText, switches.DefaultOrderById));
        if (statement.IsCount)
            return new JsonObject { ["totalCount"] = result.Total };
        var response = new JsonObject();
        if (result.Page.Count == 0)
            return response;
        response[statement.Entity] = new JsonArray([.. result.Page]);
        response["startPosition"] = statement.StartPosition;
        response["maxResults"] = result.Page.Count;
        if (switches.TotalCount == TotalCount.Always || switches.TotalCount == TotalCount.WhenWhole && result.Page.Count == result.Total)
            response["totalCount"] = result.Total;
        else if (switches.TotalCount == TotalCount.OfPage)
            response["totalCount"] = result.Page.Count;
        return response;
    }
}
