using DataHealth.Core.Providers;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Connections;

/// <summary>
/// The addresses that a provider's app registration asks for: where people come from its app store (launch), from its reminder that the access will end (reconnect), and after they have ended
/// it there (disconnected). They are pages for people. Nothing is learnt from a visit: that a connection ended shows when its books are read.
/// </summary>
public sealed class LandingFunctions(ProviderCatalog providers, IOptions<WebOptions> web)
{
    [OpenToAll]
    [Function("LandingPage")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "oauth/{provider}/{page}")] HttpRequest request, string provider, string page) =>
        providers.Find(provider) is not { } known ? Problems.NoProvider
        : page.ToUpperInvariant() switch
        {
            "LAUNCH" => Page("Data Health", $"Sign in to Data Health to see the clients of your practice, and to connect their {known.Name} books."),
            "RECONNECT" => Page($"Connect {known.Name} again",
                $"{known.Name} ends an app's access after some years. Sign in to Data Health, open the client whose books these are, and press Reconnect. The data copied so far stays."),
            "DISCONNECTED" => Page($"Disconnected in {known.Name}",
                "Data Health can no longer read these books, and shows so with its next sync. The data copied so far stays until the client is deleted. To go on copying, sign in, open the client and press Reconnect."),
            _ => Problems.UnknownAddress,
        };

    private LandingPage Page(string title, string detail) => new(title, detail, web.Value.ConnectResultUri is { } address ? new Uri(address, "/") : null);
}
