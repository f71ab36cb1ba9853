using System.Globalization;
using System.Security;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.QuickBooks.Wire;

/// <summary>Intuit's two envelopes for errors (facts 7.4): the gateway's with small letters, the service's with capitals.</summary>
internal static class FaultReplies
{
    public const string JsonType = "application/json;charset=UTF-8";

    public static Reply Unauthorized(DateTime now) => Gateway(401, "AUTHENTICATION", "3200", "message=AuthenticationFailed; errorCode=003200; statusCode=401", "", now)
        .With("WWW-Authenticate", "Bearer realm=\"Intuit\", error=\"invalid_token\"");

    public static Reply WrongRealm(DateTime now) => Gateway(403, "AUTHORIZATION", "3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", "", now);

    public static Reply ScopeMissing(DateTime now) => Gateway(403, "AUTHORIZATION", "3202", "message=InsufficientScope; errorCode=003202; statusCode=403", "", now);

    public static Reply Limited(QuickBooksSwitches switches, int? retryAfter, DateTime now)
    {
        var message = $"message=ThrottleExceeded; errorCode=003001; statusCode={(switches.LimitedSays403 ? 403 : 429)}";
        const string detail = "You have reached the request limit.";
        var reply = switches.LimitedBody switch
        {
            LimitedForm.Xml => Reply.Text(429, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
                + $"<IntuitResponse time=\"{PacificTime.Millisecond(now)}\" xmlns=\"http://schema.intuit.com/finance/v3\"><Fault type=\"SERVICE\"><Error code=\"3001\">"
                + $"<Message>{SecurityElement.Escape(message)}</Message><Detail>{detail}</Detail></Error></Fault></IntuitResponse>", "application/xml"),
            LimitedForm.Json => Gateway(429, "SERVICE", "3001", message, detail, now),
            _ => Reply.Empty(429),
        };
        return retryAfter is { } seconds ? reply.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    public static Reply NotFound(string detail, DateTime now) => Service(400, "ValidationFault", "610", "Object Not Found", $"Object Not Found : {detail}", now);

    public static Reply SubscriptionEnded(DateTime now) => Service(400, "ValidationFault", "6190", "Invalid Company Status",
        "Subscription period has ended or canceled or there was a billing problem : You can't add data to QuickBooks Online Plus because your trial or subscription period ended, you canceled your subscription, or there was a billing problem.", now);

    public static Reply NoRight(int status, DateTime now) => Service(status, "AuthorizatonFault", "120", "Authorization Failure", "Authorization Failure : The user has no access to this company's data.", now);

    public static Reply Query(string code, string message, string detail, DateTime now) => Service(400, "ValidationFault", code, message, detail, now);

    public static Reply Unsupported(string detail, DateTime now) => Service(400, "ValidationFault", "500", "Unsupported Operation", $"Operation {detail} is not supported.", now);

    public static Reply Internal(DateTime now) => Service(500, "SystemFault", "10000", "An application error has occurred while processing your request", "System Failure Error: An unexpected error occurred.", now);

    public static JsonObject Fault(string type, string code, string message, string detail) => new()
    {
        ["Error"] = new JsonArray(new JsonObject { ["Message"] = message, ["Detail"] = detail, ["code"] = code, ["element"] = "" }),
        ["type"] = type,
    };

    public static Reply Service(int status, string type, string code, string message, string detail, DateTime now) =>
        Json(status, new JsonObject { ["Fault"] = Fault(type, code, message, detail), ["time"] = PacificTime.Millisecond(now) });

    public static Reply Json(int status, JsonNode json) => Reply.Json(status, json) with { ContentType = JsonType };

    private static Reply Gateway(int status, string type, string code, string message, string detail, DateTime now) => Json(status, new JsonObject
    {
        ["warnings"] = null,
        ["intuitObject"] = null,
        ["fault"] = new JsonObject
        {
            ["error"] = new JsonArray(new JsonObject { ["message"] = message, ["detail"] = detail, ["code"] = code, ["element"] = null }),
            ["type"] = type,
        },
        ["report"] = null,
        ["queryResponse"] = null,
        ["batchItemResponse"] = new JsonArray(),
        ["attachableResponse"] = new JsonArray(),
        ["syncErrorResponse"] = new JsonArray(),
        ["requestId"] = null,
        ["time"] = (long)(now - DateTime.UnixEpoch).TotalMilliseconds,
        ["status"] = null,
        ["cdcresponse"] = new JsonArray(),
    });
}
