using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.QuickBooks;

/// <summary>OAuth at Intuit. One consent gives one company's token set, and the company is named by the callback only. Every method makes one call and never repeats it.</summary>
/// <param name="options">Our app.</param>
/// <param name="http">A client without any retry, with a short timeout.</param>
/// <param name="environment">Whether our keys belong to the host of the books.</param>
/// <param name="time">What lifetimes are reckoned from.</param>
/// <param name="logger">Learns correlation ids, never a token.</param>
public sealed partial class QuickBooksAuthorization(IOptions<QuickBooksOptions> options, HttpClient http, QuickBooksEnvironment environment, TimeProvider time, ILogger<QuickBooksAuthorization> logger) : IProviderAuthorization
{
    private const string Company = "realmId";
    private const int LargestBody = 1024 * 1024;

    // Intuit's: a refresh token lives 100 days unless it is used; the answer says the exact number.
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(100);

    private QuickBooksOptions App => options.Value;

    private ProviderFault? NotConfigured =>
        App is { ClientId.Length: > 0, ClientSecret.Length: > 0 } ? null : new(FaultKind.NotConfigured, "QuickBooks has no app id and secret.");

    /// <inheritdoc />
    public bool UsesPkce => false;

    /// <inheritdoc />
    public bool NeedsProof => true;

    /// <inheritdoc />
    public TimeSpan LostAnswerRest => App.LostAnswerRest;

    /// <inheritdoc />
    public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge) => App.AuthorizeUri.Under(
        $"connect/oauth2?response_type=code&client_id={Uri.EscapeDataString(App.ClientId)}&redirect_uri={Uri.EscapeDataString(redirectUri.OriginalString)}"
        + $"&scope={Uri.EscapeDataString(App.Scopes)}&state={Uri.EscapeDataString(state)}");

    /// <inheritdoc />
    public async Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken)
    {
        // Digits; it becomes part of addresses and of the grant's name.
        if (callback.Others.GetValueOrDefault(Company) is not { Length: > 0 and <= 30 } company || !company.All(char.IsAsciiDigit))
            return new TokenOutcome.Failed(new(FaultKind.BadAnswer, "The callback brought no usable realmId."));
        return await TokenAsync(new() { ["grant_type"] = "authorization_code", ["code"] = callback.Code ?? "", ["redirect_uri"] = redirectUri.OriginalString }, company, previous: null, cancellationToken);
    }

    /// <inheritdoc />
    /// <remarks>
    /// Whoever opens the callback may have written another company into it, whose token set this one must not take the place of: only the company itself proves that the token is its own.
    /// </remarks>
    public async Task<ProofOutcome> ProveAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        var listed = await OrganisationsAsync(tokens.AccessToken, tokens.OwnerId, consentId: null, cancellationToken);
        if (listed is OrganisationsOutcome.Listed { Organisations.Count: > 0 })
            await environment.ProveAsync(cancellationToken);
        return listed switch
        {
            OrganisationsOutcome.Listed { Organisations.Count: > 0 } => new ProofOutcome.Proven(),
            // A host at which our keys have never read a company says so of every pair.
            OrganisationsOutcome.Listed when !await environment.IsProvenAsync(cancellationToken) => new ProofOutcome.Unknown(new(
                FaultKind.ClientCredentialsWrong, "The token that the code gave is not good for the company, and our keys have read none at QuickBooks:ApiUri yet: are they the other environment's?")),
            OrganisationsOutcome.Listed => new ProofOutcome.Refused(new(FaultKind.OrganisationRemoved, "The token that the code gave is not good for the company that the callback named."), IsForeign: true),
            OrganisationsOutcome.Failed { Fault: { Kind: FaultKind.UserRightMissing } fault } => new ProofOutcome.Refused(fault, IsForeign: false),
            OrganisationsOutcome.Failed { Fault: var fault } => new ProofOutcome.Unknown(fault),
            OrganisationsOutcome.TokenRefused { Fault: var fault } => new ProofOutcome.Unknown(fault),
            var other => throw new InvalidOperationException($"{other}"),
        };
    }

    /// <inheritdoc />
    public Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, "", refreshToken, cancellationToken);

    /// <inheritdoc />
    public async Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (NotConfigured is { } missing)
            return missing;
        var answer = await SendAsync(() =>
        {
            var request = Basic(App.RevokeUri.Under("v2/oauth2/tokens/revoke"));
            request.Content = JsonContent.Create(new QuickBooksRevocation(refreshToken), QuickBooksJson.Default.QuickBooksRevocation);
            return request;
        }, cancellationToken);
        return answer switch
        {
            { Fault: { } fault } => fault,
            { Status: HttpStatusCode.OK or HttpStatusCode.NoContent } => null,
            // A token that Intuit no longer knows is revoked already.
            { Status: HttpStatusCode.BadRequest } when QuickBooksTokenAnswer.Error(answer.Body) is "invalid_grant" or "invalid_token" => null,
            _ => TokenRefusal(answer),
        };
    }

    /// <inheritdoc />
    public async Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(() => Bearer(App.ApiUri.Under($"v3/company/{Uri.EscapeDataString(ownerId)}/companyinfo/{Uri.EscapeDataString(ownerId)}?minorversion={App.MinorVersion}"), accessToken), cancellationToken);
        if (answer.Fault is { } fault)
            return new OrganisationsOutcome.Failed(fault);
        if (answer.Status != HttpStatusCode.OK)
            return Refused(QuickBooksRefusal.Read(answer.Status, QuickBooksFault.Read(answer.Body), answer.CorrelationId));
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            if (QuickBooksFault.Find(json.RootElement) is { } hidden)
                return Refused(QuickBooksRefusal.Read(answer.Status, hidden, answer.CorrelationId));
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("CompanyInfo", out var info) || info.ValueKind != JsonValueKind.Object)
                throw new JsonException("No CompanyInfo.");
            var name = info.TryGetProperty("CompanyName", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            return new OrganisationsOutcome.Listed([new(new(QuickBooksProvider.ProviderKey, ownerId), ownerId, name is { Length: > 0 } ? name : $"Company {ownerId}")]);
        }
        catch (JsonException)
        {
            return new OrganisationsOutcome.Failed(new(FaultKind.BadAnswer, "companyinfo: not the documented answer.", answer.CorrelationId));
        }

        static OrganisationsOutcome Refused(QuickBooksRefusal refusal) => refusal.Kind switch
        {
            QuickBooksRefusalKind.TokenRefused => new OrganisationsOutcome.TokenRefused(refusal.Fault),
            QuickBooksRefusalKind.CompanyRefused => new OrganisationsOutcome.Listed([]),
            _ => new OrganisationsOutcome.Failed(refusal.Fault),
        };
    }

    /// <inheritdoc />
    /// <remarks>A grant is one company's, so that there is nothing to remove but the grant itself (<see cref="RevokeAsync"/>).</remarks>
    public Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken) => Task.FromResult<ProviderFault?>(null);

    private async Task<TokenOutcome> TokenAsync(Dictionary<string, string> form, string company, string? previous, CancellationToken cancellationToken)
    {
        if (NotConfigured is { } missing)
            return new TokenOutcome.Failed(missing);
        var asked = time.GetUtcNow();
        var answer = await SendAsync(() =>
        {
            var request = Basic(App.TokenUri.Under("oauth2/v1/tokens/bearer"));
            request.Headers.Add("x-include-refresh-token-hard-expires-in", "true");
            request.Content = new FormUrlEncodedContent(form);
            return request;
        }, cancellationToken);
        if (answer.Fault is { } fault)
            return new TokenOutcome.Failed(fault) { IsAnswerLost = answer.IsLost };
        if (answer.Status == HttpStatusCode.OK)
            return QuickBooksTokenAnswer.Read(answer.Body, previous, asked, RefreshLifetime, company, App.Scopes) is { } tokens
                ? new TokenOutcome.Issued(tokens)
                : new TokenOutcome.Failed(new(FaultKind.BadAnswer, "The token endpoint answered 200 without the tokens that it documents.", answer.CorrelationId)) { IsAnswerLost = true };
        return (int)answer.Status is >= 400 and < 500 && QuickBooksTokenAnswer.Error(answer.Body) == "invalid_grant"
            ? new TokenOutcome.InvalidGrant(new(FaultKind.GrantInvalid, $"The token endpoint answered {(int)answer.Status} invalid_grant.", answer.CorrelationId))
            // A gateway that gave up does not know what became of the call behind it.
            : new TokenOutcome.Failed(TokenRefusal(answer)) { IsAnswerLost = (int)answer.Status >= 500 };
    }

    // Whatever we cannot place is an outage: only invalid_grant may ever end a connection.
    private static ProviderFault TokenRefusal(Answer answer)
    {
        var error = QuickBooksTokenAnswer.Error(answer.Body);
        var kind = ((int)answer.Status, error) switch
        {
            ( >= 500 or 429 or 408, _) => FaultKind.ProviderUnavailable,
            (_, "invalid_client") or (401, _) => FaultKind.ClientCredentialsWrong,
            ( >= 400, _) => FaultKind.RequestRefused,
            _ => FaultKind.BadAnswer,
        };
        return new(kind, error is null ? $"Answered {(int)answer.Status}." : $"Answered {(int)answer.Status} {error}.", answer.CorrelationId);
    }

    private HttpRequestMessage Basic(Uri address) => new(HttpMethod.Post, address)
    {
        Headers =
        {
            Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{App.ClientId}:{App.ClientSecret}"))),
            Accept = { new MediaTypeWithQualityHeaderValue("application/json") },
        },
    };

    private static HttpRequestMessage Bearer(Uri address, string accessToken) =>
        new(HttpMethod.Get, address) { Headers = { Authorization = new("Bearer", accessToken), Accept = { new MediaTypeWithQualityHeaderValue("application/json") } } };

    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        // The company's number is in the address of its books; a path is no secret.
        var path = request.RequestUri!.AbsolutePath;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var correlation = QuickBooksHeaders.CorrelationId(response);
            Log.Answered(logger, path, (int)response.StatusCode, correlation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return body.Length > LargestBody
                ? new Answer(response.StatusCode, [], correlation, new(FaultKind.BadAnswer, $"{path} answered {body.Length} bytes.", correlation)) { IsLost = true }
                : new Answer(response.StatusCode, body, correlation, Fault: null);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The exception's own text may name a host, never what was sent.
            Log.Failed(logger, path, problem.GetType().Name);
            var neverSent = problem is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError };
            return new Answer(0, [], null, new(FaultKind.ProviderUnavailable, $"{path}: {problem.GetType().Name}")) { IsLost = !neverSent };
        }
    }

    private sealed record Answer(HttpStatusCode Status, byte[] Body, string? CorrelationId, ProviderFault? Fault)
    {
        /// <summary>It was sent, and no whole answer came.</summary>
        public bool IsLost { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "QuickBooks {Path} answered {Status}, correlation id {CorrelationId}.")]
        public static partial void Answered(ILogger logger, string path, int status, string? correlationId);

        [LoggerMessage(2, LogLevel.Warning, "QuickBooks {Path} gave no answer: {Problem}.")]
        public static partial void Failed(ILogger logger, string path, string problem);
    }
}
