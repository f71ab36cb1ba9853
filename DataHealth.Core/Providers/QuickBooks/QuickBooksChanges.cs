namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>
/// Shares one answer about changes among the datasets of a run: Intuit tells of all entities in one call, and counts calls. An answer is kept for the run that asked, until every dataset had it
/// and for minutes at most; each dataset is given it once, so that whoever asks again (since more may have changed) is answered anew. Another process that works on the same run asks for itself.
/// One entity that Intuit does not tell of (a plan without it, a right that is missing) refuses the whole question: then each dataset asks alone, and the company's next question names only those
/// that were answered.
/// </summary>
internal sealed class QuickBooksChanges(TimeProvider time)
{
    private const int MostKept = 100;
    private const int MostLearnt = 10_000;

    /// <summary>Bytes of kept answers, over all runs.</summary>
    private const long MostBytes = 128L * 1024 * 1024;

    // The first sync reads its datasets one after another, so that their watermarks lie apart: asked from a little earlier, the first answer serves the others too.
    private static readonly TimeSpan Earlier = TimeSpan.FromHours(1);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    // A plan or a right may be changed: after this, all are asked for again.
    private static readonly TimeSpan Learnt = TimeSpan.FromDays(7);

    private readonly Lock _lock = new();
    private readonly Dictionary<(OrganisationId Company, string Flight), Shared> _kept = [];
    private readonly Dictionary<OrganisationId, (HashSet<string> Answered, DateTimeOffset At)> _learnt = [];

    /// <summary>Asks Intuit about datasets, from a moment on.</summary>
    public delegate Task<ChangesEnd> Question(DateTimeOffset from, IReadOnlyList<QuickBooksDataset> datasets, CancellationToken cancellationToken);

    /// <summary>The answer about a dataset.</summary>
    /// <param name="company">Whose books.</param>
    /// <param name="flight">The run that asks; null to ask for this dataset alone.</param>
    /// <param name="dataset">Which.</param>
    /// <param name="since">From when on it must tell.</param>
    /// <param name="ask">Asks Intuit.</param>
    /// <param name="cancellationToken">Stops waiting; a shared call goes on for those who wait for it too.</param>
    /// <returns>How it ended, with what it cost this caller, and whether the answer is about others too.</returns>
    public async Task<(ChangesEnd End, bool IsShared)> TakeAsync(
        OrganisationId company, string? flight, QuickBooksDataset dataset, DateTimeOffset since, Question ask, CancellationToken cancellationToken)
    {
        var (shared, isMine) = flight is null ? (null, true) : Claim((company, flight), dataset, since, ask);
        if (shared is null)
            return (await AloneAsync(company, dataset, since, ask, cancellationToken), false);
        var end = await shared.End!.WaitAsync(cancellationToken);
        var cost = isMine ? end.Cost : CallCost.None;
        switch (end)
        {
            case ChangesEnd.NotTaken:
                Doubt(company);
                end = await AloneAsync(company, dataset, since, ask, cancellationToken);
                return (end with { Cost = new(cost.Calls + end.Cost.Calls, cost.Bytes + end.Cost.Bytes) }, false);
            case ChangesEnd.Ended:
                Forget((company, flight!), shared);
                break;
        }

        return (end with { Cost = cost }, true);
    }

    private async Task<ChangesEnd> AloneAsync(OrganisationId company, QuickBooksDataset dataset, DateTimeOffset since, Question ask, CancellationToken cancellationToken)
    {
        var end = await ask(since, [dataset], cancellationToken);
        lock (_lock)
        {
            if (_learnt.TryGetValue(company, out var learnt) && end is ChangesEnd.Answered)
                learnt.Answered.Add(dataset.Name);
            else if (end is ChangesEnd.NotTaken)
                learnt.Answered?.Remove(dataset.Name);
        }

        return end;
    }

    // Null: this dataset has had the answer of its run already, or is not among those that are asked for together, and asks alone.
    private (Shared? Shared, bool IsMine) Claim((OrganisationId Company, string Flight) key, QuickBooksDataset dataset, DateTimeOffset since, Question ask)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_kept.TryGetValue(key, out var known) && now - known.At < Kept)
            {
                if (known.Given.Contains(dataset.Name) || !known.Asked.Contains(dataset.Name))
                    return (null, true);
                if (known.Since <= since && known.End is not null)
                {
                    known.Given.Add(dataset.Name);
                    // Nobody else will ask for it: those who wait hold it themselves.
                    if (known.Given.Count == known.Asked.Count)
                        _kept[key] = known with { End = null };
                    return (known, false);
                }
            }

            var asked = Together(key.Company, now);
            if (!asked.Exists(one => one.Name == dataset.Name))
                return (null, true);
            MakeRoom(now);
            var from = since - Earlier;
            var shared = new Shared(from, now, Task.Run(() => ask(from, asked, CancellationToken.None)), [.. asked.Select(one => one.Name)], [dataset.Name]);
            _kept[key] = shared;
            return (shared, true);
        }
    }

    private List<QuickBooksDataset> Together(OrganisationId company, DateTimeOffset now)
    {
        var all = QuickBooksDatasets.All.Where(dataset => dataset.IsIncremental);
        if (!_learnt.TryGetValue(company, out var learnt))
            return [.. all];
        if (now - learnt.At >= Learnt || learnt.Answered.Count == 0)
        {
            _learnt.Remove(company);
            return [.. all];
        }

        return [.. all.Where(dataset => learnt.Answered.Contains(dataset.Name))];
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (old, _) in _kept.Where(pair => now - pair.Value.At >= Kept).ToList())
            _kept.Remove(old);
        foreach (var (old, _) in _kept.OrderBy(pair => pair.Value.At).ToList())
        {
            if (_kept.Count < MostKept && _kept.Values.Sum(one => one.Bytes) <= MostBytes)
                return;
            _kept.Remove(old);
        }
    }

    // Kept when it is there already: several wait for one refusal.
    private void Doubt(OrganisationId company)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_learnt.TryGetValue(company, out var learnt) && now - learnt.At < Kept)
                return;
            if (_learnt.Count >= MostLearnt)
                _learnt.Remove(_learnt.MinBy(pair => pair.Value.At).Key);
            _learnt[company] = ([], now);
        }
    }

    private void Forget((OrganisationId Company, string Flight) key, Shared failed)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var now) && now.End == failed.End)
                _kept.Remove(key);
        }
    }

    /// <param name="Since">From when on it tells.</param>
    /// <param name="At">When it was asked for.</param>
    /// <param name="End">The answer; null once everybody had it.</param>
    /// <param name="Asked">About which datasets.</param>
    /// <param name="Given">Which had it.</param>
    private sealed record Shared(DateTimeOffset Since, DateTimeOffset At, Task<ChangesEnd>? End, HashSet<string> Asked, HashSet<string> Given)
    {
        public long Bytes => End is { IsCompletedSuccessfully: true, Result: ChangesEnd.Answered { Bytes: var bytes } } ? bytes : 0;
    }
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
    /// <param name="Bytes">How large it is.</param>
    public sealed record Answered(QuickBooksPage Page, DateTimeOffset Time, long Bytes) : ChangesEnd;

    /// <summary>Intuit does not take the question (too far back, or an entity that it does not know or give us): each dataset asks for its own, and where that is refused too, by query.</summary>
    public sealed record NotTaken : ChangesEnd;

    /// <summary>No answer.</summary>
    public sealed record Ended(PageOutcome Outcome) : ChangesEnd;
}
