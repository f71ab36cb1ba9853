using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>A read with the grant's token: renewed once where it is refused, and every refusal told apart from an answer.</summary>
internal sealed partial class QuickBooksSession(QuickBooksCalls calls, IAccessTokens tokens, QuickBooksEnvironment environment, ILogger<QuickBooksSession> logger)
{
    /// <summary>Reads one address.</summary>
    /// <exception cref="Azure.RequestFailedException">Our storage did not answer whether these keys have ever read a company.</exception>
    public async Task<SessionEnd> GetAsync(Books books, Uri address, CallPriority priority, WireCounter counter, CancellationToken cancellationToken)
    {
        var (token, refusal) = Token(await tokens.GetAsync(books.Grant, cancellationToken));
        var renewed = false;
        while (token is { } current)
        {
            switch (await calls.GetAsync(books.Organisation, address, current, priority, counter, cancellationToken))
            {
                case CallEnd.Answered(var answer, var body):
                    return new SessionEnd.Answered(answer, body);
                case CallEnd.Limited(var limit, var until, var isEstimate):
                    return new SessionEnd.Ended(new PageOutcome.Limited(limit, until, isEstimate));
                case CallEnd.Broken { Fault: var fault }:
                    return new SessionEnd.Ended(new PageOutcome.Failed(fault));
                case CallEnd.Refused refused:
                    var read = QuickBooksRefusal.Read(refused);
                    Log.Refused(logger, read.Kind, read.Fault.Kind, read.Fault.Technical, read.Fault.CorrelationId);
                    if (read.Kind is QuickBooksRefusalKind.Final)
                        return new SessionEnd.Ended(new PageOutcome.Failed(read.Fault));
                    if (renewed)
                    {
                        // A fresh token that is good for nothing here: the company is gone for us. One that is refused as a token proves nothing.
                        if (read.Kind is not QuickBooksRefusalKind.CompanyRefused)
                            return new SessionEnd.Ended(new PageOutcome.Failed(read.Fault));
                        // Nor does a refusal by a host at which our keys have never read a company: our own configuration never loses a connection.
                        return new SessionEnd.Ended(await environment.IsProvenAsync(cancellationToken)
                            ? new PageOutcome.ConnectionLost(read.Fault)
                            : new PageOutcome.Failed(new(FaultKind.ClientCredentialsWrong, $"{read.Fault.Technical} Our keys have read no company at QuickBooks:ApiUri yet: are they the other environment's?", read.Fault.CorrelationId)));
                    }

                    renewed = true;
                    (token, refusal) = Token(await tokens.RenewAsync(books.Grant, current, cancellationToken));
                    break;
                case var other:
                    throw new InvalidOperationException($"A call cannot end as {other.GetType().Name}.");
            }
        }

        return new SessionEnd.Ended(refusal!);
    }

    private static (string? Token, PageOutcome? Refusal) Token(AccessTokenOutcome outcome) => outcome switch
    {
        AccessTokenOutcome.Token token => (token.Value, null),
        AccessTokenOutcome.Lost lost => (null, new PageOutcome.ConnectionLost(lost.Fault)),
        AccessTokenOutcome.Unavailable unavailable => (null, new PageOutcome.Failed(unavailable.Fault)),
        _ => throw new InvalidOperationException($"A token cannot be {outcome.GetType().Name}."),
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "QuickBooks refused a read ({Refusal}): {Kind}, {Technical}, correlation id {CorrelationId}.")]
        public static partial void Refused(ILogger logger, QuickBooksRefusalKind refusal, FaultKind kind, string technical, string? correlationId);
    }
}

/// <summary>How a read ended.</summary>
internal abstract record SessionEnd
{
    private SessionEnd()
    {
    }

    /// <summary>A 200; the body is the caller's to dispose of. It may still be a fault.</summary>
    public sealed record Answered(WireAnswer Answer, AnswerBody Body) : SessionEnd;

    /// <summary>Anything else.</summary>
    public sealed record Ended(PageOutcome Outcome) : SessionEnd;
}
