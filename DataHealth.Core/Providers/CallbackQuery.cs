namespace DataHealth.Core.Providers;

/// <summary>What a provider's redirect brought. Never logged.</summary>
/// <param name="Code">Query parameter <c>code</c>.</param>
/// <param name="State">Query parameter <c>state</c>.</param>
/// <param name="Error">Query parameter <c>error</c>.</param>
public sealed record CallbackQuery(string? Code, string? State, string? Error)
{
    /// <summary>What else it brought, for the provider to read: QuickBooks names the company there (<c>realmId</c>). Not to be trusted more than any other address that a browser opens.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();

    /// <summary>Says nothing of the content.</summary>
    public override string ToString() => "CallbackQuery";
}
