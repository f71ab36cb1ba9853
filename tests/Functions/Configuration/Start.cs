using DataHealth.Core.Practices;
using DataHealth.Functions.Composition;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Tests.Configuration;

/// <summary>The product's own composition, and what the host asks of it first when it starts: are the settings good? Nothing is opened.</summary>
internal sealed class Start
{
    private readonly FunctionsApplicationBuilder _builder = DataHealthApplication.CreateBuilder([]);

    private Start(bool isAzure, Dictionary<string, string?> good)
    {
        _builder.Services.AddSingleton(new HostingPlace(isAzure));
        // As an instance, it outlives the container of one case.
        _builder.Services.AddSingleton<IConfiguration>(_builder.Configuration);
        Good = good;
    }

    /// <summary>Settings with which it starts, with as many of them given as can be at once.</summary>
    public IReadOnlyDictionary<string, string?> Good { get; }

    public IServiceCollection Services => _builder.Services;

    public static Start OnThisMachine() => new(isAzure: false, new(Common())
    {
        ["Storage:ConnectionString"] = "UseDevelopmentStorage=true",
    });

    public static Start InAzure() => new(isAzure: true, new(Common())
    {
        ["Storage:TablesUri"] = "https://data.table.core.windows.net/",
        ["Storage:BlobsUri"] = "https://data.blob.core.windows.net/",
        ["Storage:ManagedIdentityClientId"] = "0b1f6471-1bf0-4dda-aec3-111122223333",
        ["Vault:Uri"] = "https://tokens.vault.azure.net/",
        ["Vault:ManagedIdentityClientId"] = "0b1f6471-1bf0-4dda-aec3-111122223333",
        ["Connections:CallbackBaseUri"] = "https://api.example/api",
    });

    /// <summary>What the start says with these settings besides; null when it starts. A null value leaves the setting out.</summary>
    public string? Fault(params (string Name, string? Value)[] others)
    {
        Dictionary<string, string?> settings = new(Good);
        foreach (var (name, value) in others)
        {
            if (value is null)
                settings.Remove(name);
            else
                settings[name] = value;
        }
        _builder.Configuration.Sources.Clear();
        _builder.Configuration.AddInMemoryCollection(settings);
        using var services = _builder.Services.BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (Exception fault) when (fault is OptionsValidationException or InvalidOperationException)
        {
            return fault.Message;
        }
    }

    private static Dictionary<string, string?> Common()
    {
        Dictionary<string, string?> settings = new(Settings.Defaults)
        {
            ["Auth:Authority"] = "https://login.example/",
            ["Auth:Audience"] = "datahealth-api",
            ["Xero:ClientId"] = "xero-app",
            ["Xero:ClientSecret"] = "xero-secret",
            ["QuickBooks:ClientId"] = "quickbooks-app",
            ["QuickBooks:ClientSecret"] = "quickbooks-secret",
            ["Notices:SmtpHost"] = "smtp.example",
            ["Notices:SmtpUser"] = "mailer",
            ["Notices:SmtpPassword"] = "mail-secret",
            ["Costs:Providers:xero:Name"] = "Core",
        };
        return settings;
    }
}
