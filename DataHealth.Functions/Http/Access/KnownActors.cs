using DataHealth.Core;
using DataHealth.Core.Practices;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Access;

/// <summary>Members as they were some seconds ago, so that not every request reads them. A change made by this instance counts at once, by another within the time of the options.</summary>
public sealed class KnownActors(FindActor find, MemoryCache cache, IOptions<AuthOptions> options, TimeProvider time)
{
    /// <summary>As whom a person acts.</summary>
    public async Task<ActorOutcome> FindAsync(SignedInPerson person, PracticeId? practice, CancellationToken cancellationToken)
    {
        var key = (person.Key, practice);
        if (cache.TryGetValue<ActorOutcome>(key, out var known))
            return known!;
        var outcome = await find.ExecuteAsync(person, practice, cancellationToken);
        var patience = options.Value.MemberCache;
        if (outcome is ActorOutcome.Found { Until: { } until } && until - time.GetUtcNow() < patience)
            patience = until - time.GetUtcNow();
        // Who is not a member is asked again each time: they may have been let in a moment ago.
        if (outcome is ActorOutcome.Found && patience > TimeSpan.Zero)
            cache.Set(key, outcome, patience);
        return outcome;
    }

    /// <summary>Members have changed: ask again.</summary>
    public void Forget() => cache.Clear();
}
