using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Costs;

/// <summary>What our tier at each provider allows and costs. Section <c>Costs</c>, e.g. <c>Costs:Providers:xero:MostConnections</c>.</summary>
public sealed class CostOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Costs";

    /// <summary>By the provider's key.</summary>
    public Dictionary<string, ProviderTier> Providers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tier at that provider; one without bounds and prices where none is configured.</summary>
    public ProviderTier Of(string provider) => Providers.GetValueOrDefault(provider) ?? new ProviderTier();
}

/// <summary>Our app's tier at one provider. What is not given is not bounded.</summary>
public sealed class ProviderTier
{
    /// <summary>Its name, for people, e.g. <c>Core</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Organisations that our app may hold at a time (Xero: 5, 50, 1,000, 10,000 by tier).</summary>
    public int? MostConnections { get; set; }

    /// <summary>Gigabytes (2^30 bytes) a month that the tier's price includes (Xero: 10, 50, 250).</summary>
    public decimal? EgressGigabytes { get; set; }

    /// <summary>Price of each further gigabyte (Xero: 2.40).</summary>
    public decimal? PricePerGigabyte { get; set; }

    /// <summary>Metered reads a month that the tier includes (QuickBooks: 500,000 on the Builder tier).</summary>
    public long? MeteredReads { get; set; }

    /// <summary>ISO code of the prices' currency.</summary>
    public string Currency { get; set; } = "AUD";
}

/// <summary>Refuses tiers that cannot be, at start.</summary>
internal sealed class CostRule : IValidateOptions<CostOptions>
{
    public ValidateOptionsResult Validate(string? name, CostOptions options)
    {
        var faults = new SettingFaults(CostOptions.Section);
        foreach (var (provider, tier) in options.Providers)
        {
            string Of(string setting) => $"{nameof(options.Providers)}:{provider}:{setting}";
            faults
                .Range(Of(nameof(tier.MostConnections)), tier.MostConnections ?? 1, 1, 10_000_000)
                .Range(Of(nameof(tier.EgressGigabytes)), tier.EgressGigabytes ?? 0, 0, 10_000_000)
                .Range(Of(nameof(tier.PricePerGigabyte)), tier.PricePerGigabyte ?? 0, 0, 1_000_000)
                .Range(Of(nameof(tier.MeteredReads)), tier.MeteredReads ?? 1, 1, 1_000_000_000_000)
                .Must(tier.Currency.Length == 3 && tier.Currency.All(char.IsAsciiLetterUpper), Of(nameof(tier.Currency)), "must be the three capital letters of a currency");
        }
        return faults.Result;
    }
}
