namespace DataHealth.Local.Sandbox.Identity;

/// <summary>One visit to the authorize page, from the app's link to Allow or Cancel.</summary>
internal sealed record ConsentRequest
{
    public required string Id { get; init; }

    /// <summary>The browser's cookie: a form posted by another browser, or from another site, does not carry it.</summary>
    public required string BrowserToken { get; init; }

    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public string? State { get; init; }

    public string? CodeChallenge { get; init; }

    public string? Nonce { get; init; }

    public bool AddsSeveral { get; init; }

    public Guid? PersonId { get; init; }

    public DateTime OpenedUtc { get; init; }
}

/// <summary>How an authorize request or a decision ended.</summary>
internal abstract record ConsentOutcome
{
    public sealed record Ask(ConsentRequest Request) : ConsentOutcome;

    /// <summary>Xero's own page: nothing reaches the app.</summary>
    public sealed record Page(string Title, string Words, string Error) : ConsentOutcome;

    public sealed record Back(string Location) : ConsentOutcome;
}
