using DataHealth.Core;
using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;
using DataHealth.Core.Health.Findings;
using DataHealth.Core.Health.Recalculation;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Health;

/// <summary>Reads which findings are asked for, from an address or a body.</summary>
internal static class FindingRequest
{
    private const int LongestText = 200;

    /// <summary>Reads <c>check, state, severity, q, tag, assignedTo, sort, ascending</c> beside the paging.</summary>
    public static Problem? Read(HttpRequest request, Actor actor, out FindingQuery query, out Paging paging)
    {
        if (QueryReader.Read(request, new FindingQuery(), (so, name, value) => Take(so, actor, name, value), Expected, out query, out paging) is { } wrong)
            return wrong;
        return paging.Continuation is { } continuation && !FindingQuery.IsContinuation(continuation) ? Problems.BadContinuation : null;
    }

    /// <summary>Reads a selection: ids, a filter, or in so many words all.</summary>
    public static Problem? Read(IReadOnlyList<string>? ids, FilterInput? filter, bool? all, Actor actor, out FindingSelection selection)
    {
        selection = new FindingSelection();
        if (all is false)
            return Problems.BadField("all", "true, for every finding; else leave it out and give ids or a filter.");
        if ((ids is null ? 0 : 1) + (filter is null ? 0 : 1) + (all is null ? 0 : 1) != 1)
            return Problems.BadField("ids", "give one of these: ids, a filter, or all: true for every finding.");
        if (all is true)
            return null;
        if (ids is not null)
        {
            selection = selection with { Ids = ids };
            return ids.Count is 0 or > FindingSelection.MostIds || ids.Any(id => !IsId(id)) ? Problems.BadField("ids", $"1 to {FindingSelection.MostIds} ids of findings; for more give a filter.") : null;
        }
        var query = new FindingQuery();
        foreach (var (name, value) in ((string, string?)[])[("check", filter!.Check), ("q", filter.Text), ("tag", filter.Tag), ("assignedTo", filter.AssignedTo)])
        {
            if (value is null)
                continue;
            if (Take(query, actor, name, value) is not { } taken)
                return Problems.BadField($"filter.{(name == "q" ? "text" : name)}", Expected(name));
            query = taken;
        }
        query = query with { Severity = filter.Severity };
        // A page whose filter is empty for a moment must not dismiss fifty thousand findings.
        if (query == new FindingQuery())
            return Problems.BadField("filter", "say at least one of check, severity, text, tag or assignedTo. If you mean every finding, send all: true instead of a filter.");
        selection = selection with { Query = query };
        return null;
    }

    /// <summary>True when an id could be a finding's; anything else must not become a storage key.</summary>
    public static bool IsId(string? id) => id is { Length: 32 } && id.All(char.IsAsciiHexDigitLower);

    private static FindingQuery? Take(FindingQuery query, Actor actor, string name, string value) => name switch
    {
        "check" => CheckCatalog.Find(value) is not null ? query with { Check = value } : null,
        "state" => value == "any" ? query with { State = null } : QueryReader.Word<FindingState>(value) is { } state ? query with { State = state } : null,
        "severity" => QueryReader.Word<Severity>(value) is { } severity ? query with { Severity = severity } : null,
        "q" => value.Length <= LongestText ? query with { Text = string.IsNullOrWhiteSpace(value) ? null : value.Trim() } : null,
        "tag" => value.Length is > 0 and <= LongestText ? query with { Tag = value } : null,
        "assignedTo" => value == "me" ? query with { AssignedTo = actor.Member } : MemberStore.IsWellFormed(new MemberId(value)) ? query with { AssignedTo = new MemberId(value) } : null,
        "sort" => QueryReader.Word<FindingSort>(value) is { } sort ? query with { Sort = sort } : null,
        "ascending" => value switch { "true" => query with { IsAscending = true }, "false" => query with { IsAscending = false }, _ => null },
        _ => query,
    };

    private static string Expected(string name) => name switch
    {
        "check" => "the key of a check.",
        "state" => "open, dismissed, resolved or any.",
        "severity" => "info, warning or error.",
        "q" or "tag" => $"at most {LongestText} characters.",
        "assignedTo" => "a member's id, or me.",
        "sort" => "severity, money, firstSeen, since, check or text.",
        _ => "true or false.",
    };
}
