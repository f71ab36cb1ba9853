using DataHealth.Core.Providers;
using DataHealth.Core.Webhooks;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Pipeline;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DataHealth.Functions.Http.Webhooks;

/// <summary>A provider tells that something changed. Open to all, since the signature proves who posts; answered at once and without a body, as providers ask.</summary>
public sealed class WebhookFunction(ReceiveWebhook receive, ProviderCatalog providers, IOptions<WebhookOptions> options)
{
    /// <summary>A post of Xero holds as many events as came together, at some 400 bytes each.</summary>
    public const int MaxBytes = 1024 * 1024;

    [OpenToAll]
    [WithoutRateLimit]
    [LargestBody(MaxBytes)]
    [Function("ReceiveWebhook")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/{provider}")] HttpRequest request, string provider, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { Webhooks: { } reader } known)
            return Problems.NoProvider;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.AnswerWithin);
        try
        {
            var (body, problem) = await RequestBody.ReadBytesAsync(request, MaxBytes, patience.Token);
            if (problem is not null)
                return problem;
            return Results.StatusCode(await receive.ExecuteAsync(known, reader, body, One(request.Headers[reader.SignatureHeader]), patience.Token) is WebhookOutcome.Taken
                ? StatusCodes.Status200OK
                : StatusCodes.Status401Unauthorized);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Problems.Busy;
        }
    }

    private static string? One(StringValues values) => values.Count == 1 ? values[0] : null;
}
