using System.Diagnostics.CodeAnalysis;

namespace DataHealth.Core.Clients;

/// <summary>What is to become of a client's fields; null leaves one as it is.</summary>
public sealed record ClientChange
{
    /// <summary>Its name.</summary>
    public ClientName? Name { get; init; }

    /// <summary>The member who looks after it; empty for nobody.</summary>
    public MemberId? Manager { get; init; }

    /// <summary>Its tax number; empty for none.</summary>
    public string? TaxNumber { get; init; }

    /// <summary>An organisation's name of which a person says that it is this client's, though it differs.</summary>
    public string? AcceptedOrganisationName { get; init; }

    /// <summary>Reads a tax number as a person gave it.</summary>
    /// <param name="text">What was given; null or blank for none.</param>
    /// <param name="taxNumber">The number, empty for none.</param>
    public static bool TryReadTaxNumber(string? text, [NotNullWhen(true)] out string? taxNumber)
    {
        var trimmed = text?.Trim() ?? "";
        taxNumber = trimmed.Length <= 30 && trimmed.All(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '.' or '/') ? trimmed : null;
        return taxNumber is not null;
    }

    /// <summary>The client with these fields.</summary>
    internal Client Of(Client client) => client with
    {
        Name = Name?.Value ?? client.Name,
        Manager = Manager is { } manager ? (string.IsNullOrEmpty(manager.Value) ? null : manager) : client.Manager,
        TaxNumber = TaxNumber is { } taxNumber ? (taxNumber.Length == 0 ? null : taxNumber) : client.TaxNumber,
        AcceptedOrganisationName = AcceptedOrganisationName ?? client.AcceptedOrganisationName,
    };
}

/// <summary>How changing a client ended.</summary>
public abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    /// <summary>The client is like that now (also when it was already).</summary>
    public sealed record Done(Client Client) : ChangeOutcome;

    /// <summary>No such client for this member.</summary>
    public sealed record Unknown : ChangeOutcome;

    /// <summary>Someone else changed it since it was read.</summary>
    public sealed record ChangedMeanwhile(Client Current) : ChangeOutcome;
}
