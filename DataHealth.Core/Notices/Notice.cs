namespace DataHealth.Core.Notices;

/// <summary>Something that needs a person.</summary>
/// <param name="Client">Of which client.</param>
/// <param name="ClientName">Its name.</param>
/// <param name="Kind">What.</param>
/// <param name="RaisedAt">Since when.</param>
/// <param name="Title">What is the matter, in one sentence.</param>
/// <param name="Detail">What to do, and who can.</param>
public sealed record Notice(ClientId Client, string ClientName, NoticeKind Kind, DateTimeOffset RaisedAt, string Title, string Detail)
{
    /// <summary>The client's account manager; null where there is none.</summary>
    public MemberId? Manager { get; init; }
}

/// <summary>A page of notices.</summary>
/// <param name="Notices">By client; may be few, even none, while there is a continuation.</param>
/// <param name="Continuation">Give it back for the next page; null when this was the last. Opaque.</param>
public sealed record NoticePage(IReadOnlyList<Notice> Notices, string? Continuation);
