using System.Net;
using DataHealth.Core.Providers.Wire;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>What a fault means (facts 7.4): told by its code, by the status where it has none, never by its text.</summary>
/// <param name="Kind">What to do about it.</param>
/// <param name="Fault">What to say about it.</param>
internal sealed record QuickBooksRefusal(QuickBooksRefusalKind Kind, ProviderFault Fault)
{
    private const int Throttled = 3001;
    private const int NotForThisCompany = 3100;
    private const int TokenRefused = 3200;
    private const int NotAuthorised = 3201;
    private const int NotInPlan = 5020;
    private const int SubscriptionOver = 6190;

    /// <summary>Reads an answer that is not a 200.</summary>
    public static QuickBooksRefusal Read(CallEnd.Refused end) => Read(end.Answer.Status, QuickBooksFault.Read(end.Text), end.Answer.CorrelationId);

    /// <summary>Reads a fault; it may have come with a 200.</summary>
    public static QuickBooksRefusal Read(HttpStatusCode status, QuickBooksFault fault, string? correlationId)
    {
        var number = (int)status;
        return number switch
        {
            429 => Make(QuickBooksRefusalKind.Final, FaultKind.ProviderUnavailable),
            _ when fault.Has(Throttled) => Make(QuickBooksRefusalKind.Final, FaultKind.ProviderUnavailable),
            _ when fault.Has(SubscriptionOver) => Make(QuickBooksRefusalKind.Final, FaultKind.SubscriptionLapsed),
            _ when fault.Has(NotInPlan) => Make(QuickBooksRefusalKind.Final, FaultKind.NotInPlan),
            _ when fault.Has(100, 120) => Make(QuickBooksRefusalKind.Final, FaultKind.UserRightMissing),
            _ when fault.Has(NotForThisCompany, NotAuthorised) => Make(QuickBooksRefusalKind.CompanyRefused, FaultKind.OrganisationRemoved),
            401 => Make(QuickBooksRefusalKind.TokenRefused, FaultKind.RequestRefused),
            _ when fault.Has(TokenRefused) => Make(QuickBooksRefusalKind.TokenRefused, FaultKind.RequestRefused),
            >= 500 or 408 => Make(QuickBooksRefusalKind.Final, FaultKind.ProviderUnavailable),
            >= 400 => Make(QuickBooksRefusalKind.Final, FaultKind.RequestRefused),
            _ when fault.Codes.Count > 0 => Make(QuickBooksRefusalKind.Final, FaultKind.RequestRefused),
            _ => Make(QuickBooksRefusalKind.Final, FaultKind.BadAnswer),
        };

        QuickBooksRefusal Make(QuickBooksRefusalKind kind, FaultKind meaning) =>
            new(kind, new(meaning, fault.Text.Length > 0 ? $"Answered {number}: {fault.Text}" : $"Answered {number}.", correlationId));
    }

    /// <summary>The outage that a refusal tells of, or null when it says something of us: a missing right has been seen with a 500.</summary>
    public static ProviderFault? Outage(CallEnd.Refused end)
    {
        var status = (int)end.Answer.Status;
        if (status is < 500 and not 408 || status == 501)
            return null;
        var read = Read(end);
        return read is { Kind: QuickBooksRefusalKind.Final, Fault.Kind: FaultKind.ProviderUnavailable } ? read.Fault : null;
    }

    /// <summary>True when a limit refused it, whatever status it came with.</summary>
    public static bool IsThrottled(CallEnd.Refused end) => QuickBooksFault.Read(end.Text).Has(Throttled);
}

/// <summary>What to do about a refusal.</summary>
internal enum QuickBooksRefusalKind
{
    /// <summary>Nothing: it is the outcome.</summary>
    Final,

    /// <summary>The token was refused: renew it once and repeat.</summary>
    TokenRefused,

    /// <summary>The token is good but not for this company: renew it once, which tells whether the grant is dead, and repeat; refused again, the company is gone for us.</summary>
    CompanyRefused,
}
