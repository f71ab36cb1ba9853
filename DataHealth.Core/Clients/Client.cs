using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DataHealth.Core.Clients;

/// <summary>A client of a practice.</summary>
/// <param name="Id">Its id, unique over all practices.</param>
/// <param name="Practice">Whose client it is.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="CreatedBy">Who added it.</param>
/// <param name="Version">Changes with every change of the client; give it back to change only what was seen. Opaque.</param>
public sealed record Client(ClientId Id, PracticeId Practice, string Name, DateTimeOffset CreatedAt, MemberId CreatedBy, string Version)
{
    /// <summary>The member who looks after it; null when nobody was named.</summary>
    public MemberId? Manager { get; init; }

    /// <summary>Its tax number as the practice entered it: proposes which organisation is this client's.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>An organisation's name that differs from the client's, of which a person has said that it is right.</summary>
    public string? AcceptedOrganisationName { get; init; }

    /// <summary>The deletion that is taking its data away; until it has ended the client cannot be connected. Null without one.</summary>
    public Deletion.DeletionId? ClearedBy { get; init; }
}

/// <summary>A client's name: trimmed, 1 to 200 characters, no control characters. Two clients may share a name (branches, group companies); ids keep them apart.</summary>
public sealed record ClientName
{
    /// <summary>The longest name, in UTF-16 characters.</summary>
    public const int MaxLength = 200;

    private ClientName(string value) => Value = value;

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>Reads a name as a person gave it.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="name">The name.</param>
    /// <param name="problem">What is wrong, for people.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ClientName? name, [NotNullWhen(false)] out string? problem)
    {
        var trimmed = text?.Trim() ?? "";
        problem = trimmed switch
        {
            "" => "A client needs a name.",
            { Length: > MaxLength } => $"A client's name has at most {MaxLength} characters.",
            _ when HasForbidden(trimmed) => "A client's name cannot contain control characters, line breaks or half characters.",
            _ => null,
        };
        name = problem is null ? new ClientName(trimmed) : null;
        return problem is null;
    }

    // Direction overrides would let a name disguise what follows it on the screen; lone surrogates cannot be stored.
    private static bool HasForbidden(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
                index++;
            else if (char.IsSurrogate(text[index]) || text[index] is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
                || char.GetUnicodeCategory(text[index]) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                return true;
        }
        return false;
    }

    /// <inheritdoc />
    public override string ToString() => Value;
}
