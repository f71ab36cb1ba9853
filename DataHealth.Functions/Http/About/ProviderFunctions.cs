using DataHealth.Core.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.About;

/// <summary>A bookkeeping provider that this installation knows.</summary>
public sealed record ProviderBody(string Key, string Name, bool IsConfigured, IReadOnlyList<Capability> Capabilities, IReadOnlyList<ProviderDatasetBody> Datasets);

/// <summary>A kind of record that we copy from it.</summary>
public sealed record ProviderDatasetBody(string Name, string Title);

/// <summary>All of them.</summary>
public sealed record ProviderListBody(IReadOnlyList<ProviderBody> Items);

/// <summary>What can be connected.</summary>
public sealed class ProviderFunctions(ProviderCatalog providers)
{
    [Function("ListProviders")]
    public IResult List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "providers")] HttpRequest request) =>
        Answer.Ok(
            new ProviderListBody([.. providers.All.OrderBy(provider => provider.Key, StringComparer.Ordinal).Select(provider =>
                new ProviderBody(provider.Key, provider.Name, provider.IsConfigured, [.. provider.Capabilities.Order()], [.. provider.Datasets.Select(dataset => new ProviderDatasetBody(dataset.Name, dataset.Title))]))]),
            ApiJson.Default.ProviderListBody);
}
