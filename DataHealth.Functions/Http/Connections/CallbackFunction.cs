using DataHealth.Core.Connections.Consents;
using DataHealth.Core.Providers;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DataHealth.Functions.Http.Connections;

/// <summary>The provider sends the browser back. Its query holds the authorization code: it is never logged, and never sent on.</summary>
public sealed class CallbackFunction(ReceiveCallback receive, ProviderCatalog providers, IOptions<WebOptions> web)
{
    private const int LongestValue = 4096;
    private const int LongestName = 100;
    private const int MostOthers = 20;

    [OpenToAll]
    [Function("OAuthCallback")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "oauth/{provider}/callback")] HttpRequest request, string provider, CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { } known)
            return Problems.NoProvider;
        var query = new CallbackQuery(One(request.Query["code"]), One(request.Query["state"]), One(request.Query["error"])) { Others = Others(request.Query) };
        var result = ConsentResult.Of(await receive.ExecuteAsync(known.Key, query, cancellationToken));
        return web.Value.ConnectResultUri is { } frontEnd
            ? Results.Redirect(QueryHelpers.AddQueryString(frontEnd.AbsoluteUri, "result", result.Text))
            : new CallbackPage(result, known.Name);
    }

    // The provider reads of these what it knows; a browser may bring anything.
    private static Dictionary<string, string> Others(IQueryCollection query) => query
        .Where(pair => pair.Key is { Length: > 0 and <= LongestName } and not ("code" or "state" or "error") && One(pair.Value) is not null)
        .Take(MostOthers).ToDictionary(pair => pair.Key, pair => One(pair.Value)!, StringComparer.Ordinal);

    private static string? One(StringValues values) => values is [{ Length: > 0 and <= LongestValue } value] ? value : null;
}
