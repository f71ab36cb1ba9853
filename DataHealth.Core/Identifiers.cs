namespace DataHealth.Core;

/// <summary>A practice: the tenant of our system. Lower-case letters and digits.</summary>
/// <param name="Value">The id as stored and shown in URLs.</param>
public readonly record struct PracticeId(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A person of a practice.</summary>
/// <param name="Value">The id as stored.</param>
public readonly record struct MemberId(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>A client of a practice: one business with one set of books. Unique over all practices.</summary>
/// <param name="Value">The id as stored and shown in URLs: 32 lower-case hexadecimal digits.</param>
public readonly record struct ClientId(string Value)
{
    /// <summary>A new id that sorts by time of making.</summary>
    public static ClientId New(TimeProvider time) => new(Identifier.New(time));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>What one consent gave us: a token set of one provider user (Xero) or one company (QuickBooks).</summary>
/// <param name="Value">Provider key and the owner's id at the provider, e.g. <c>xero-9a7b…</c>: the same owner always has the same grant.</param>
public readonly record struct GrantId(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>One run of a sync; a client has many after another, never two at once.</summary>
/// <param name="Value">32 lower-case hexadecimal digits, sorting by time of making.</param>
public readonly record struct RunId(string Value)
{
    /// <summary>A new id that sorts by time of making.</summary>
    public static RunId New(TimeProvider time) => new(Identifier.New(time));

    /// <inheritdoc />
    public override string ToString() => Value;
}

/// <summary>An organisation (Xero: tenant id) or company (QuickBooks: realm id) at its provider.</summary>
/// <param name="Provider">The provider's key, e.g. <c>xero</c>.</param>
/// <param name="Id">The provider's id of it, as the provider writes it.</param>
public readonly record struct OrganisationId(string Provider, string Id)
{
    /// <inheritdoc />
    public override string ToString() => $"{Provider}:{Id}";
}

internal static class Identifier
{
    public static string New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
