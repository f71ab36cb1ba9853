using System.Text.Json.Nodes;
using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

public sealed partial class RealmBooks
{
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "Balance", "BalanceWithJobs", "CurrentBalance", "CurrentBalanceWithSubAccounts" };

    /// <summary>Fields of an entity that move without moving its LastUpdatedTime.</summary>
    public static IReadOnlySet<string> SilentFields(string entity) =>
        entity is EntityNames.Customer or EntityNames.Vendor or EntityNames.Account ? Silent : new HashSet<string>();

    /// <summary>One entity; null where there is none any more.</summary>
    internal JsonObject? Find(string entity, string text) => Read(book =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) && book.On(entity).Find(id) is { } place
            ? Render(book, entity, place) : null);

    /// <summary>The entity at a place of its shelf; the caller holds the read lock.</summary>
    internal JsonObject? Render(EntityBook book, string entity, int place)
    {
        var shelf = book.On(entity);
        return shelf.IsGone(place) ? null : _rendering.Render(entity, shelf.IdAt(place), shelf.SourceAt(place), shelf.UpdatedAt(place));
    }

    /// <summary>The truth of one entity's records.</summary>
    public CollectionTruth Truth(string entity, bool withoutSilent, bool defaultList)
    {
        var checksum = new CanonicalChecksum();
        var totals = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var json in Entities(entity, defaultList))
        {
            checksum.Add(Canonical(entity, json, withoutSilent));
            Add("Count", 1);
            foreach (var field in new[] { "TotalAmt", "Balance", "Amount", "RemainingCredit", "UnappliedAmt" })
            {
                if (json[field] is JsonValue value && value.TryGetValue<decimal>(out var number))
                    Add(field, number);
            }
        }

        var (count, active) = Read(book => (book.On(entity).Count, book.On(entity).ActiveCount));
        return new CollectionTruth(entity, count, EntityNames.Lists.Contains(entity) ? active : count, checksum.ToString(), totals);
        void Add(string key, decimal value) => totals[key] = totals.GetValueOrDefault(key) + value;
    }

    /// <summary>The canonical entities, in the order of their ids.</summary>
    public IEnumerable<CanonicalEntity> CanonicalRecords(string entity, bool withoutSilent, bool defaultList) =>
        Entities(entity, defaultList).Select(json => new CanonicalEntity((string)json["Id"]!, Canonical(entity, json, withoutSilent)));

    /// <summary>A block at a time, so that edits go on meanwhile.</summary>
    private IEnumerable<JsonObject> Entities(string entity, bool defaultList)
    {
        const int block = 500;
        for (var from = 0; ; from += block)
        {
            var start = from;
            var (some, more) = Read(book =>
            {
                var shelf = book.On(entity);
                var found = new List<JsonObject>(block);
                for (var place = start; place < Math.Min(start + block, shelf.Places); place++)
                {
                    if ((!defaultList || shelf.IsActive(place)) && Render(book, entity, place) is { } json)
                        found.Add(json);
                }

                return (found, start + block < shelf.Places);
            });
            foreach (var json in some)
                yield return json;
            if (!more)
                yield break;
        }
    }

    private static string Canonical(string entity, JsonObject json, bool withoutSilent) => CanonicalJson.Of(json.ToJsonString(), withoutSilent ? SilentFields(entity) : null);
}
