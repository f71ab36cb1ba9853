using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Calls;

/// <summary>Edits to be made while a list is being paged: right after the k-th call of it from now on was read from the books.</summary>
public sealed record ScheduledEdits
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public required TenantKey TenantId { get; init; }

    /// <summary>Whose calls are counted.</summary>
    public required string Collection { get; init; }

    /// <summary>Counted from when this was scheduled.</summary>
    public int AfterPageCall { get; init; } = 1;

    /// <summary>Repeats at every so many further calls; 0 is once.</summary>
    public int ThenEvery { get; init; }

    public IReadOnlyList<EditOrder> Edits { get; init; } = [];

    public RandomEdits? Random { get; init; }

    public int Calls { get; init; }

    public int Fired { get; init; }

    /// <summary>What the books said of an edit that they refused.</summary>
    public string? Refused { get; init; }
}

/// <summary>One edit as asked for: its moment is the sandbox's now unless it says.</summary>
public sealed record EditOrder(EditKind Kind, string Collection, string? Id = null, ulong Salt = 0, Dictionary<string, string>? Set = null, DateTime? AtUtc = null)
{
    public BooksEdit At(DateTime now) => new(Kind, Collection, Id is null ? null : Guid.Parse(Id), AtUtc ?? now, Salt, Set);
}

public sealed record RandomEdits(ulong Seed, int Count, EditMix? Mix = null);

/// <summary>Waits for the calls that edits are scheduled after.</summary>
internal sealed class PageWatch
{
    private readonly Lock _gate = new();
    private readonly List<ScheduledEdits> _waiting = [];

    public ScheduledEdits Add(ScheduledEdits edits)
    {
        lock (_gate)
            _waiting.Add(edits);
        return edits;
    }

    public IReadOnlyList<ScheduledEdits> All()
    {
        lock (_gate)
            return [.. _waiting];
    }

    public int Remove(Guid? id)
    {
        lock (_gate)
            return _waiting.RemoveAll(edits => id is null || edits.Id == id);
    }

    public void Refuse(Guid id, string why)
    {
        lock (_gate)
        {
            var at = _waiting.FindIndex(edits => edits.Id == id);
            if (at >= 0)
                _waiting[at] = _waiting[at] with { Refused = why };
        }
    }

    /// <summary>Counts a call and says what is due now.</summary>
    public IReadOnlyList<ScheduledEdits> Called(TenantKey tenantId, string collection)
    {
        lock (_gate)
        {
            var due = new List<ScheduledEdits>();
            for (var at = 0; at < _waiting.Count; at++)
            {
                var edits = _waiting[at];
                if (edits.TenantId != tenantId || !edits.Collection.Equals(collection, StringComparison.OrdinalIgnoreCase))
                    continue;
                var calls = edits.Calls + 1;
                var past = calls - edits.AfterPageCall;
                var fires = past == 0 || past > 0 && edits.ThenEvery > 0 && past % edits.ThenEvery == 0;
                _waiting[at] = edits with { Calls = calls, Fired = edits.Fired + (fires ? 1 : 0) };
                if (fires)
                    due.Add(edits with { Fired = edits.Fired });
            }

            return due;
        }
    }
}
