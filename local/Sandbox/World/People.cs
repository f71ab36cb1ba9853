using DataHealth.Local.Sandbox.Books;

namespace DataHealth.Local.Sandbox.World;

/// <summary>Someone with a Xero login.</summary>
public sealed record Person
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>False: 403 on /Reports.</summary>
    public bool CanSeeReports { get; init; } = true;

    /// <summary>False: 403 on /ManualJournals.</summary>
    public bool CanSeeManualJournals { get; init; } = true;

    /// <summary>False: contacts come without BankAccountDetails.</summary>
    public bool CanSeeBankDetails { get; init; } = true;
}

/// <summary>A company in Xero. Its tenant id is its organisation id.</summary>
public sealed record Organisation
{
    public required Guid TenantId { get; init; }

    public required BooksSpec Books { get; init; }

    public string Name => Books.Name;

    /// <summary>Who has a role in it that may connect apps.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>503 with the text of an organisation that is offline.</summary>
    public bool Offline { get; init; }

    /// <summary>Deleted, trial ended, or a demo company from before its reset.</summary>
    public bool Closed { get; init; }

    public DateTime CreatedUtc { get; init; }
}

/// <summary>One organisation that one person connected to one app.</summary>
public sealed record Connection
{
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    public required Guid PersonId { get; init; }

    public required Guid TenantId { get; init; }

    public required Guid AuthEventId { get; init; }

    public required DateTime CreatedUtc { get; init; }

    public required DateTime UpdatedUtc { get; init; }

    /// <summary>Kept after it was removed: connected again it has the same id and its first day.</summary>
    public bool Removed { get; init; }
}
