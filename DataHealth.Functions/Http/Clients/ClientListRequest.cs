using DataHealth.Core;
using DataHealth.Core.Clients.Overview;
using DataHealth.Core.Connections;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Clients;

/// <summary>Reads which clients a list's address asks for.</summary>
internal static class ClientListRequest
{
    private const int LongestSearch = 200;

    /// <summary>Reads <c>q, sort, connection, lastSyncBefore, syncFailed, paused, mismatch, manager, authorisedBy, favourites</c> beside the paging.</summary>
    public static Problem? Read(HttpRequest request, Actor actor, out ClientListQuery query, out Paging paging)
    {
        if (QueryReader.Read(request, new ClientListQuery(), (so, name, value) => Take(so, actor, name, value), Expected, out query, out paging) is { } wrong)
            return wrong;
        return paging.Continuation is { } continuation && !ListClients.IsContinuation(query.Order, continuation) ? Problems.BadContinuation : null;
    }

    private static ClientListQuery? Take(ClientListQuery query, Actor actor, string name, string value) => name switch
    {
        "q" => value.Length <= LongestSearch ? query with { Search = string.IsNullOrWhiteSpace(value) ? null : value } : null,
        "sort" => SummaryOrder.All.FirstOrDefault(order => order.Name == value) is { } order ? query with { Order = order } : null,
        "connection" => QueryReader.Word<ConnectionState>(value) is { } state ? query with { State = state } : null,
        "lastSyncBefore" => QueryReader.Moment(value) is { } before ? query with { LastSyncBefore = before } : null,
        "syncFailed" => YesNo(value) is { } failed ? query with { IsFailed = failed } : null,
        "paused" => YesNo(value) is { } paused ? query with { IsPaused = paused } : null,
        "mismatch" => YesNo(value) is { } mismatch ? query with { IsMismatch = mismatch } : null,
        "favourites" => YesNo(value) is { } only ? query with { OnlyFavourites = only } : null,
        "manager" => MemberOf(value, actor) is { } manager ? query with { Manager = manager } : null,
        "authorisedBy" => MemberOf(value, actor) is { } person ? query with { AuthorisedBy = person } : null,
        _ => query,
    };

    // A name in the place of an id would find nothing, and read as if nothing hung on that person.
    private static MemberId? MemberOf(string value, Actor actor) => value == "me" ? actor.Member : MemberStore.IsWellFormed(new MemberId(value)) ? new MemberId(value) : null;

    private static string Expected(string name) => name switch
    {
        "q" => $"at most {LongestSearch} characters.",
        "sort" => $"one of {string.Join(", ", SummaryOrder.All.Select(order => order.Name))}.",
        "connection" => "one of the states of a connection.",
        "lastSyncBefore" => "a time, ISO 8601, between the years 2000 and 2100.",
        "manager" or "authorisedBy" => "a member's id, or me.",
        _ => "true or false.",
    };

    private static bool? YesNo(string value) => value switch { "true" => true, "false" => false, _ => null };
}
