using System.Diagnostics.CodeAnalysis;

namespace DataHealth.Core.Practices;

/// <summary>An accountancy practice: the tenant of our system.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Version">Changes with every change of the practice; opaque.</param>
public sealed record Practice(PracticeId Id, string Name, DateTimeOffset CreatedAt, string Version)
{
    /// <summary>Our own staff: a practice without clients, whose members have the role <see cref="Role.Support"/>.</summary>
    public static PracticeId Staff { get; } = new("staff");

    /// <summary>True when an id could be a practice's: lower-case letters and digits, at most 40. Anything else must not become a storage key.</summary>
    public static bool IsWellFormed([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= 40 } && id.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter));
}

/// <summary>A page of practices.</summary>
/// <param name="Practices">By id.</param>
/// <param name="Continuation">Give it back for the next page; null when this was the last.</param>
public sealed record PracticePage(IReadOnlyList<Practice> Practices, string? Continuation);
