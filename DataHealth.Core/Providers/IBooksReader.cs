namespace DataHealth.Core.Providers;

/// <summary>Reads one organisation's books. It can only read. It keeps the provider's limits (shared tables) and never waits longer than a few seconds itself.</summary>
public interface IBooksReader
{
    /// <summary>Reads one page of a dataset (or the whole of an unpaged one).</summary>
    /// <param name="books">Whose books, by which grant.</param>
    /// <param name="dataset">One of the provider's datasets.</param>
    /// <param name="request">Which page, since when.</param>
    /// <param name="cancellationToken">Cancels the call; its slot is given back.</param>
    /// <returns>A closed set of outcomes; see <see cref="PageOutcome"/>. Programming errors throw.</returns>
    Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken);

    /// <summary>Counts all records of a countable dataset at the provider in one call: a <see cref="PageOutcome.Page"/> without records whose <c>ItemCount</c> is the count.</summary>
    Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken);

    /// <summary>What is left of the provider's limits for that organisation, as far as we know; makes no call.</summary>
    Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken);
}

/// <summary>One organisation's books as reached through one grant.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="Grant">The token set to use.</param>
public sealed record Books(OrganisationId Organisation, GrantId Grant);

/// <summary>One page to read.</summary>
/// <param name="Page">From 1.</param>
/// <param name="ModifiedSince">Only records changed since, for incremental datasets; null for a full pass.</param>
/// <param name="Priority">Who waits for it: people may use the reserve of the day.</param>
public sealed record PageRequest(int Page, DateTimeOffset? ModifiedSince, CallPriority Priority)
{
    /// <summary>The <see cref="PageOutcome.Page.Cursor"/> of the page before; null for the first page.</summary>
    public string? Cursor { get; init; }

    /// <summary>
    /// Reads of one run carry the same word here. A provider that answers for many datasets in one call may keep what it was not asked for yet until the run's read of that dataset
    /// asks: nothing that was read for another run, or that this run's read of the dataset has had already, is given again. Null: nothing is kept.
    /// </summary>
    public string? Flight { get; init; }
}

/// <summary>Who waits for a call.</summary>
public enum CallPriority
{
    /// <summary>The unattended daily sync: stops at the day's reserve.</summary>
    Scheduled,

    /// <summary>A person pressed Sync or connects: may use the reserve.</summary>
    Person,
}

/// <summary>How a read ended. Closed: a limit, a refusal and an outage are never "no rows".</summary>
public abstract record PageOutcome
{
    private PageOutcome()
    {
    }

    /// <summary>What the call cost, also where it failed. Zero when nothing was sent.</summary>
    public CallCost Cost { get; init; } = CallCost.None;

    /// <summary>A page arrived whole.</summary>
    /// <param name="Records">In the provider's order. Their JSON is valid until the page is disposed of.</param>
    /// <param name="NextPage">The page to ask for next; null when this was the last.</param>
    /// <param name="ItemCount">How many records the whole query has, by the provider; null when it does not say.</param>
    /// <param name="ProviderTime">The provider's own time of the answer: what watermarks are made of.</param>
    public sealed record Page(IReadOnlyList<SourceRecord> Records, int? NextPage, int? ItemCount, DateTimeOffset ProviderTime) : PageOutcome, IDisposable
    {
        /// <summary>How the pass goes on, in the reader's own words (the order in which it was begun, the place that it has reached): what the request of the next page carries. Null where there is nothing to remember.</summary>
        public string? Cursor { get; init; }

        /// <summary>Of an incremental read: records that are gone since are not told of by it, so that only the provider's count shows them.</summary>
        public bool HidesDeletions { get; init; }

        /// <summary>The provider's id of the call.</summary>
        public string? CorrelationId { get; init; }

        /// <summary>Gives pooled buffers back; optional.</summary>
        public Action? Release { get; init; }

        /// <inheritdoc />
        public void Dispose() => Release?.Invoke();
    }

    /// <summary>The provider no longer takes the order in which the pass was begun. Another is remembered: the pass begins anew at its first page, and what was read stays.</summary>
    /// <param name="Fault">What it said.</param>
    public sealed record OrderRefused(ProviderFault Fault) : PageOutcome;

    /// <summary>A limit forbids the call now. Nothing more may be sent to that organisation until then.</summary>
    /// <param name="Limit">Which.</param>
    /// <param name="Until">When it lifts.</param>
    /// <param name="IsEstimate">The time is our own reckoning ("at the latest"), not the provider's word.</param>
    public sealed record Limited(LimitKind Limit, DateTimeOffset Until, bool IsEstimate) : PageOutcome;

    /// <summary>The connection is proven dead.</summary>
    /// <param name="Fault">Kind is <see cref="FaultKind.GrantInvalid"/> or <see cref="FaultKind.OrganisationRemoved"/>.</param>
    public sealed record ConnectionLost(ProviderFault Fault) : PageOutcome;

    /// <summary>The provider refused or failed; the connection is not proven dead. Retries for transport faults are already spent.</summary>
    /// <param name="Fault">What happened.</param>
    public sealed record Failed(ProviderFault Fault) : PageOutcome;
}

/// <summary>A provider's limits as we name them.</summary>
public enum LimitKind
{
    /// <summary>Calls in flight at a time.</summary>
    Concurrent,

    /// <summary>Calls a second for one organisation.</summary>
    Second,

    /// <summary>Calls a minute for one organisation.</summary>
    Minute,

    /// <summary>Calls a day for one organisation.</summary>
    Day,

    /// <summary>Our own reserve of the day, kept for people.</summary>
    DayReserve,

    /// <summary>Calls a minute of our whole app.</summary>
    AppMinute,

    /// <summary>Calls a month of our whole app, by what we pay for.</summary>
    Month,

    /// <summary>A refusal whose limit the provider did not name.</summary>
    Unknown,
}

/// <summary>What calls cost.</summary>
/// <param name="Calls">Requests that reached the provider, retries and refusals included.</param>
/// <param name="Bytes">Bytes of the answers on the wire (compressed), which is what providers bill.</param>
public sealed record CallCost(int Calls, long Bytes)
{
    /// <summary>Nothing sent.</summary>
    public static CallCost None { get; } = new(0, 0);

    /// <summary>Both together.</summary>
    public static CallCost operator +(CallCost left, CallCost right) => new(left.Calls + right.Calls, left.Bytes + right.Bytes);
}

/// <summary>What is left of an organisation's limits.</summary>
/// <param name="DayRemaining">Calls left today, or null when not known.</param>
/// <param name="DayLimit">Calls a day at this tier; null where the provider has no such limit.</param>
/// <param name="MinuteLimit">Calls a minute.</param>
/// <param name="PausedUntil">When calls may go on, if a limit forbids them now.</param>
/// <param name="PausedBy">Which limit.</param>
public sealed record LimitHeadroom(int? DayRemaining, int? DayLimit, int MinuteLimit, DateTimeOffset? PausedUntil, LimitKind? PausedBy);

/// <summary>A record as the provider gave it.</summary>
/// <param name="Id">The provider's id, unique in its dataset and usable as a table key.</param>
/// <param name="UpdatedAt">The provider's time of last change, where it gives one.</param>
/// <param name="IsDeleted">The provider's own status says that it no longer counts as a record (DELETED, not VOIDED or ARCHIVED).</param>
/// <param name="Json">The provider's own JSON of the record, byte for byte; empty with <see cref="IsGone"/>.</param>
public readonly record struct SourceRecord(string Id, DateTimeOffset? UpdatedAt, bool IsDeleted, ReadOnlyMemory<byte> Json)
{
    /// <summary>Why the record cannot be read, in our own words; null when it can. Its id is known, nothing else of it is used.</summary>
    public string? Unreadable { get; init; }

    /// <summary>The provider reports that the record is no longer there and gives nothing else of it: what we hold is kept, and marked.</summary>
    public bool IsGone { get; init; }

    /// <summary>A record that the provider reports as gone.</summary>
    public static SourceRecord Gone(string id, DateTimeOffset? at) => new(id, at, true, default) { IsGone = true };
}
