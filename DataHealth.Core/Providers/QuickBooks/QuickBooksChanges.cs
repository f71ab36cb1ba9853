namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Shares one answer about changes among the datasets of a run: Intuit tells of all entities in one call, and counts calls. An answer is kept for the run that asked and for minutes only; each
/// dataset is given it once, so that whoever asks again (since more may have changed) is answered anew. Another process that works on the same run asks for itself.
/// </summary>
internal sealed class QuickBooksChanges(TimeProvider time)
{
    private const int MostKept = 100;

    // The first sync reads its datasets one after another, so that their watermarks lie apart: asked from a little earlier, the first answer serves the others too.
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(OrganisationId Company, string Flight), Shared> _kept = [];

    /// <summary>The answer about a dataset.</summary>
    /// <param name="company">Whose books.</param>
    /// <param name="flight">The run that asks; null to ask for this dataset alone.</param>
    /// <param name="dataset">Which.</param>
    /// <param name="since">From when on it must tell.</param>
    /// <param name="ask">Asks Intuit from a moment on: about all datasets when true, else about this one.</param>
    /// <param name="cancellationToken">Stops waiting; a shared call goes on for those who wait for it too.</param>
    /// <returns>How the call ended, and whether it is this caller's to account for.</returns>
    public async Task<(ChangesEnd End, bool IsMine)> TakeAsync(
        OrganisationId company, string? flight, QuickBooksDataset dataset, DateTimeOffset since, Func<DateTimeOffset, bool, CancellationToken, Task<ChangesEnd>> ask, CancellationToken cancellationToken)
    {
        var (shared, isMine) = flight is null ? (null, true) : Claim((company, flight), dataset, since, ask);
        if (shared is null)
            return (await ask(since, false, cancellationToken), true);
        var end = await shared.End.WaitAsync(cancellationToken);
        if (end is not ChangesEnd.Answered)
            Forget((company, flight!), shared);
        return (end, isMine);
    }

    // Null: this dataset has had the answer of its run already, and asks alone.
    private (Shared? Shared, bool IsMine) Claim(
        (OrganisationId Company, string Flight) key, QuickBooksDataset dataset, DateTimeOffset since, Func<DateTimeOffset, bool, CancellationToken, Task<ChangesEnd>> ask)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_kept.TryGetValue(key, out var known) && now - known.At < Kept)
            {
                if (known.Given.Contains(dataset.Name))
                    return (null, true);
                if (known.Since <= since)
                {
                    known.Given.Add(dataset.Name);
                    return (known, false);
                }
            }

            foreach (var (old, _) in _kept.Where(pair => now - pair.Value.At >= Kept).ToList())
                _kept.Remove(old);
            if (_kept.Count >= MostKept)
                _kept.Remove(_kept.MinBy(pair => pair.Value.At).Key);
            var from = since - Earlier;
            var shared = new Shared(from, now, Task.Run(() => ask(from, true, CancellationToken.None)), [dataset.Name]);
            _kept[key] = shared;
            return (shared, true);
        }
    }

    private void Forget((OrganisationId Company, string Flight) key, Shared failed)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var now) && now == failed)
                _kept.Remove(key);
        }
    }

    private sealed record Shared(DateTimeOffset Since, DateTimeOffset At, Task<ChangesEnd> End, HashSet<string> Given);
}

/// <summary>How asking for changes ended.</summary>
internal abstract record ChangesEnd
{
    private ChangesEnd()
    {
    }

    /// <summary>What it cost.</summary>
    public CallCost Cost { get; init; } = CallCost.None;

    /// <summary>An answer; its memory is its own.</summary>
    /// <param name="Page">What changed.</param>
    /// <param name="Time">Intuit's time of it.</param>
    public sealed record Answered(QuickBooksPage Page, DateTimeOffset Time) : ChangesEnd;

    /// <summary>Intuit does not take the question (too far back, or an entity that it does not know): queries must do.</summary>
    public sealed record NotTaken : ChangesEnd;

    /// <summary>No answer.</summary>
    public sealed record Ended(PageOutcome Outcome) : ChangesEnd;
}
