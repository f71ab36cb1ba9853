using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Providers.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Providers.Xero;

/// <summary>OAuth at Xero, and the list of connections. Every method makes one call and never repeats it: a repeated refresh is the caller's decision.</summary>
/// <param name="options">Our app.</param>
/// <param name="http">A client without any retry, with a short timeout.</param>
/// <param name="time">What lifetimes are reckoned from.</param>
/// <param name="logger">Learns correlation ids, never a token.</param>
public sealed partial class XeroAuthorization(IOptions<XeroOptions> options, HttpClient http, TimeProvider time, ILogger<XeroAuthorization> logger) : IProviderAuthorization
{
    private const int LargestBody = 4 * 1024 * 1024;

    // Xero's: a refresh token lives 60 days unless it is used.
    private static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(60);

    private XeroOptions App => options.Value;

    /// <inheritdoc />
    public bool ConsentReachesMany => true;

    /// <inheritdoc />
    public bool UsesPkce => App.UsePkce;

    /// <inheritdoc />
    public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge)
    {
        var query = new StringBuilder()
            .Append("response_type=code&client_id=").Append(Uri.EscapeDataString(App.ClientId))
            .Append("&redirect_uri=").Append(Uri.EscapeDataString(redirectUri.OriginalString))
            .Append("&scope=").Append(Uri.EscapeDataString(App.Scopes))
            .Append("&state=").Append(Uri.EscapeDataString(state));
        if (codeChallenge is not null)
            query.Append("&code_challenge=").Append(Uri.EscapeDataString(codeChallenge)).Append("&code_challenge_method=S256");
        return App.LoginUri.Under($"identity/connect/authorize?{query}");
    }

    /// <inheritdoc />
    public async Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "authorization_code", ["code"] = callback.Code ?? "", ["redirect_uri"] = redirectUri.OriginalString };
        if (codeVerifier is not null)
            form["code_verifier"] = codeVerifier;
        return await TokenAsync(form, previous: null, cancellationToken);
    }

    /// <inheritdoc />
    public Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        TokenAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, refreshToken, cancellationToken);

    /// <inheritdoc />
    public async Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (NotConfigured is { } missing)
            return missing;
        var answer = await SendAsync(() => Form("connect/revocation", new() { ["token"] = refreshToken }), cancellationToken);
        return answer switch
        {
            { Fault: { } fault } => fault,
            { Status: HttpStatusCode.OK or HttpStatusCode.NoContent } => null,
            // A token that Xero no longer knows is revoked already.
            _ when TokenAnswer.Error(answer.Body) is "invalid_grant" or "invalid_token" => null,
            _ => Refusal(answer, TokenAnswer.Error(answer.Body)),
        };
    }

    /// <inheritdoc />
    public async Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken)
    {
        var path = consentId is null ? "connections" : $"connections?authEventId={Uri.EscapeDataString(consentId)}";
        var answer = await SendAsync(() => Bearer(HttpMethod.Get, path, accessToken), cancellationToken);
        return Organisations(answer) with { Status = answer.Status is 0 ? null : (int)answer.Status };
    }

    private static OrganisationsOutcome Organisations(Answer answer)
    {
        if (answer.Fault is { } fault)
            return new OrganisationsOutcome.Failed(fault);
        if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new OrganisationsOutcome.TokenRefused(new(FaultKind.RequestRefused, $"GET /connections answered {(int)answer.Status}", answer.CorrelationId));
        if (answer.Status != HttpStatusCode.OK)
            return new OrganisationsOutcome.Failed(Refusal(answer, error: null));
        try
        {
            var connections = JsonSerializer.Deserialize(answer.Body, XeroJson.Default.ListXeroConnection) ?? throw new JsonException("The list is null.");
            return new OrganisationsOutcome.Listed(
            [
                .. connections.Where(one => string.Equals(one.TenantType, "ORGANISATION", StringComparison.OrdinalIgnoreCase))
                    .Select(one => new ProviderOrganisation(new(XeroProvider.ProviderKey, Required(one.TenantId)), Required(one.Id), one.TenantName ?? "")),
            ]);
        }
        catch (JsonException problem)
        {
            return new OrganisationsOutcome.Failed(new(FaultKind.BadAnswer, $"GET /connections: {problem.GetType().Name}", answer.CorrelationId));
        }

        static string Required(string? id) => id is { Length: > 0 } ? id : throw new JsonException("A connection without an id.");
    }

    /// <inheritdoc />
    public async Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(() => Bearer(HttpMethod.Delete, $"connections/{Uri.EscapeDataString(connectionId)}", accessToken), cancellationToken);
        return answer switch
        {
            { Fault: { } fault } => fault,
            { Status: HttpStatusCode.NoContent or HttpStatusCode.OK or HttpStatusCode.NotFound } => null,
            _ => Refusal(answer, error: null),
        };
    }

    private ProviderFault? NotConfigured => App.ClientId.Length > 0 ? null : new(FaultKind.NotConfigured, "Xero:ClientId is not set.");

    private async Task<TokenOutcome> TokenAsync(Dictionary<string, string> form, string? previous, CancellationToken cancellationToken)
    {
        if (NotConfigured is { } missing)
            return new TokenOutcome.Failed(missing);
        var asked = time.GetUtcNow();
        var answer = await SendAsync(() => Form("connect/token", form), cancellationToken);
        if (answer.Fault is { } fault)
            return new TokenOutcome.Failed(fault);
        if (answer.Status == HttpStatusCode.OK)
            return TokenAnswer.Read(answer.Body, previous, asked, RefreshLifetime) is { } tokens
                ? new TokenOutcome.Issued(tokens)
                : new TokenOutcome.Failed(new(FaultKind.BadAnswer, "The token endpoint answered 200 without the tokens that it documents.", answer.CorrelationId));
        var error = TokenAnswer.Error(answer.Body);
        return (int)answer.Status is >= 400 and < 500 && error == "invalid_grant"
            ? new TokenOutcome.InvalidGrant(new(FaultKind.GrantInvalid, $"The token endpoint answered {(int)answer.Status} invalid_grant.", answer.CorrelationId))
            : new TokenOutcome.Failed(Refusal(answer, error));
    }

    // Whatever we cannot place is an outage: only invalid_grant may ever end a connection.
    private static ProviderFault Refusal(Answer answer, string? error)
    {
        var kind = ((int)answer.Status, error) switch
        {
            ( >= 500 or 429 or 408, _) => FaultKind.ProviderUnavailable,
            (_, "invalid_client") => FaultKind.ClientCredentialsWrong,
            (401, null) when answer.IsTokenCall => FaultKind.ClientCredentialsWrong,
            ( >= 400, _) => FaultKind.RequestRefused,
            _ => FaultKind.BadAnswer,
        };
        return new(kind, error is null ? $"Answered {(int)answer.Status}." : $"Answered {(int)answer.Status} {error}.", answer.CorrelationId);
    }

    private HttpRequestMessage Form(string path, Dictionary<string, string> fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, App.IdentityUri.Under(path));
        if (App.ClientSecret.Length > 0)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{App.ClientId}:{App.ClientSecret}")));
        else
            fields = new(fields) { ["client_id"] = App.ClientId };
        request.Content = new FormUrlEncodedContent(fields);
        return request;
    }

    private HttpRequestMessage Bearer(HttpMethod method, string path, string accessToken) =>
        new(method, App.ApiUri.Under(path)) { Headers = { Authorization = new("Bearer", accessToken), Accept = { new MediaTypeWithQualityHeaderValue("application/json") } } };

    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var request = make();
        var path = request.RequestUri!.AbsolutePath;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var correlation = XeroHeaders.CorrelationId(response);
            Log.Answered(logger, path, (int)response.StatusCode, correlation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return body.Length > LargestBody
                ? new Answer(response.StatusCode, [], correlation, new(FaultKind.BadAnswer, $"{path} answered {body.Length} bytes.", correlation))
                : new Answer(response.StatusCode, body, correlation, Fault: null) { IsTokenCall = request.Method == HttpMethod.Post };
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The exception's own text may name a host, never what was sent.
            Log.Failed(logger, path, problem.GetType().Name);
            return new Answer(0, [], null, new(FaultKind.ProviderUnavailable, $"{path}: {problem.GetType().Name}"));
        }
    }

    private sealed record Answer(HttpStatusCode Status, byte[] Body, string? CorrelationId, ProviderFault? Fault)
    {
        public bool IsTokenCall { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Xero {Path} answered {Status}, correlation id {CorrelationId}.")]
        public static partial void Answered(ILogger logger, string path, int status, string? correlationId);

        [LoggerMessage(2, LogLevel.Warning, "Xero {Path} gave no answer: {Problem}.")]
        public static partial void Failed(ILogger logger, string path, string problem);
    }
}
