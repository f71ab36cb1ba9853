using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Faults;
using DataHealth.Local.Sandbox.QuickBooks.World;
using DataHealth.Local.Sandbox.Wire;

namespace DataHealth.Local.Sandbox.QuickBooks.Wire;

/// <summary>What faults answer in place of the real answer, as Intuit would say it; null for those that spoil or delay it.</summary>
internal static class RealmFaults
{
    public static Reply? Instead(MetFault met, QuickBooksSwitches switches, DateTime now) => met.Fault.Kind switch
    {
        FaultKind.Unavailable => met.Draw < 0.4 ? FaultReplies.Internal(now) : met.Draw < 0.7 ? Reply.Text(503, "Service Unavailable") : Reply.Html(504, "<html><body><h1>504 Gateway Time-out</h1></body></html>"),
        FaultKind.TokenExpired => FaultReplies.Unauthorized(now),
        FaultKind.Forbidden => FaultReplies.WrongRealm(now),
        FaultKind.ScopeMissing => FaultReplies.ScopeMissing(now),
        FaultKind.NoRight => FaultReplies.NoRight(switches.NoRightStatus, now),
        FaultKind.OrganisationOffline => FaultReplies.SubscriptionEnded(now),
        FaultKind.Maintenance => Reply.Html(503, "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"),
        FaultKind.RateLimited => FaultReplies.Limited(switches, met.Fault.RetryAfter, now),
        FaultKind.HighVolume => FaultReplies.Query("4001", "Invalid query", "QueryValidationError: the request touches too many records", now),
        FaultKind.FaultInside => FaultReplies.Internal(now) with { Status = 200 },
        FaultKind.InvalidClient => Reply.Json(401, new JsonObject { ["error"] = "invalid_client" }),
        FaultKind.InvalidGrant => Reply.Json(400, new JsonObject { ["error"] = "invalid_grant", ["error_description"] = "Incorrect or invalid refresh token" }),
        _ => Mangling.Neutral(met),
    };
}
