using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>Xero's error bodies (facts 1.6 and 3.6).</summary>
internal static class ErrorReplies
{
    public static Reply NotFound() => Reply.Text(404, "The resource you're looking for cannot be found", "text/html; charset=utf-8");

    public static Reply NotImplemented() => Reply.Text(501,
        "<ApiException xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><ErrorNumber>20</ErrorNumber><Type>ApiMethodNotImplementedException</Type>"
        + "<Message>The Api Method called is not implemented</Message></ApiException>", "text/xml; charset=utf-8");

    public static Reply Forbidden(Switches switches, string detail = "AuthenticationUnsuccessful") => Problem(switches, 403, "Forbidden", detail);

    public static Reply Unauthorized(Switches switches, string detail = "AuthenticationUnsuccessful") => Problem(switches, 401, "Unauthorized", detail);

    public static Reply TokenExpired(Switches switches, DateTime expiredUtc) =>
        Unauthorized(switches, "TokenExpired: token expired at " + expiredUtc.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture));

    public static Reply InsufficientScope(Switches switches) => switches.InsufficientScopeStatus == 403
        ? Forbidden(switches, "AuthorizationUnsuccessful")
        : Unauthorized(switches, "AuthorizationUnsuccessful").With("WWW-Authenticate", "insufficient_scope");

    public static Reply Validation(string message) => Reply.Json(400, new JsonObject
    {
        ["ErrorNumber"] = 10,
        ["Type"] = "ValidationException",
        ["Message"] = "A validation exception occurred",
        ["Elements"] = new JsonArray(new JsonObject { ["ValidationErrors"] = new JsonArray(new JsonObject { ["Message"] = message }) }),
    });

    public static Reply QueryParse(string message) => Reply.Json(400, new JsonObject
    {
        ["ErrorNumber"] = 16,
        ["Type"] = "QueryParseException",
        ["Message"] = message,
    });

    public static Reply HighVolume() => Reply.Text(400,
        "This organisation has an extremely high volume of records and the request uses inefficient filtering or ordering. Use paging, If-Modified-Since or optimised filters.");

    public static Reply OrganisationOffline(Switches switches) => Unavailable(switches, "The organisation is currently offline");

    public static Reply Maintenance(Switches switches) => Unavailable(switches, "The Xero API is currently offline for maintenance");

    public static Reply Overloaded(Switches switches) => Unavailable(switches, "The Xero API is temporarily unavailable");

    public static Reply InternalError() => Reply.Text(500, "An unhandled error with the Xero API occurred. Contact the Xero API team if problems persist.");

    private static Reply Unavailable(Switches switches, string text)
    {
        var reply = Reply.Text(503, text);
        return switches.RetryAfterOn503 is { } seconds ? reply.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    private static Reply Problem(Switches switches, int status, string title, string detail)
    {
        string Key(string pascal) => switches.ErrorKeys == KeyCasing.Pascal ? pascal : char.ToLowerInvariant(pascal[0]) + pascal[1..];
        return Reply.Json(status, new JsonObject
        {
            [Key("Type")] = null,
            [Key("Title")] = title,
            [Key("Status")] = status,
            [Key("Detail")] = detail,
            [Key("Instance")] = Guid.NewGuid().ToString(),
            [Key("Extensions")] = new JsonObject(),
        });
    }
}
