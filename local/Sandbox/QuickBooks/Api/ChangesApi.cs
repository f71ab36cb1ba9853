using System.Globalization;
using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.Query;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Api;

/// <summary>Change data capture (facts 6.3): full records of what changed, stubs of what was deleted, at most 1,000 objects and thirty days.</summary>
internal static class ChangesApi
{
    private const int Most = 1000;
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(30);

    /// <summary>The CDCResponse array.</summary>
    /// <exception cref="QueryException">An entity or the moment is missing or not allowed.</exception>
    public static JsonArray Run(RealmBooks books, IReadOnlyDictionary<string, string> parameters, QuickBooksSwitches switches, DateTime now)
    {
        var entities = (parameters.GetValueOrDefault("entities") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (entities.Length == 0)
            throw new QueryException("2020", "Required parameter missing", "Required parameter entities is missing in the request");
        foreach (var entity in entities)
        {
            if (EntityNames.NotInChanges.Contains(entity) || !EntityNames.All.Contains(entity) && !EntityNames.Empty.Contains(entity))
                throw new QueryException("2010", "Request has invalid or unsupported property", $"Property Name:{entity} specified is unsupported or invalid for change data capture");
            if (switches.NotInPlan.Contains(entity))
                throw QueryException.NotInPlan(entity);
        }

        if (!DateTimeOffset.TryParse(parameters.GetValueOrDefault("changedSince"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            throw new QueryException("2030", "Invalid ID", "changedSince is missing or not a date");
        var since = moment.UtcDateTime;
        if (since < now - Horizon)
        {
            if (switches.CdcTooOldRefused)
                throw new QueryException("2030", "Invalid changedSince", "changedSince must be within the last 30 days");
            since = now - Horizon;
        }

        return books.Read(book =>
        {
            var left = Most;
            var responses = new JsonArray();
            foreach (var entity in entities.Distinct())
            {
                if (switches.CdcCapPerEntity)
                    left = Most;
                var changed = EntityNames.Empty.Contains(entity) ? [] : Changed(books, book, entity, since, left);
                left -= changed.Count;
                if (changed.Count == 0)
                {
                    responses.Add(new JsonObject());
                    continue;
                }

                responses.Add(new JsonObject { [entity] = new JsonArray([.. changed]), ["startPosition"] = 1, ["maxResults"] = changed.Count, ["totalCount"] = changed.Count });
            }

            if (responses.All(response => response!.AsObject().Count == 0))
                responses = [new JsonObject()];
            return new JsonArray(new JsonObject { ["QueryResponse"] = responses });
        });
    }

    private static List<JsonObject> Changed(RealmBooks books, EntityBook book, string entity, DateTime since, int left)
    {
        var shelf = book.On(entity);
        var found = shelf.ByUpdatedDescending().TakeWhile(place => shelf.UpdatedAt(place) >= since).Where(place => !shelf.IsGone(place))
            .Select(place => (At: shelf.UpdatedAt(place), Make: (Func<JsonObject?>)(() => books.Render(book, entity, place))))
            .Concat(book.Tombstones.Where(stone => stone.Entity == entity && stone.AtUtc >= since).Select(stone => (At: stone.AtUtc, Make: (Func<JsonObject?>)(() => Stub(stone)))))
            .OrderByDescending(pair => pair.At).Take(left);
        return [.. found.Select(pair => pair.Make()).OfType<JsonObject>()];
    }

    private static JsonObject Stub(Tombstone stone) => new()
    {
        ["domain"] = "QBO",
        ["status"] = "Deleted",
        ["Id"] = EntityBook.Text(stone.Id),
        ["MetaData"] = new JsonObject { ["LastUpdatedTime"] = PacificTime.Second(stone.AtUtc) },
    };
}
