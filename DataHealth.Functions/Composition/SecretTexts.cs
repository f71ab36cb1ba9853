using DataHealth.Core.Notices;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Providers.Xero;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Functions.Composition;

/// <summary>
/// The secrets that people set from files. Editors and <c>echo</c> end a file with a line end, which is part of no secret: it is left out, so that turning a secret over cannot stop the product for it.
/// Blanks around one, and a line end within, are still refused: those are slips that nobody can mend by guessing.
/// </summary>
internal static class SecretTexts
{
    /// <summary>Their settings.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Notices:SmtpPassword", "QuickBooks:ClientSecret", "QuickBooks:WebhookVerifierToken", "Xero:ClientSecret", "Xero:WebhookKey",
    };

    /// <summary>Leaves the line ends out, before any rule looks.</summary>
    public static void AddSecretTexts(this IServiceCollection services)
    {
        services.PostConfigure<NoticeOptions>(options => options.SmtpPassword = options.SmtpPassword is { } password ? Read(password) : null);
        services.PostConfigure<QuickBooksOptions>(options => (options.ClientSecret, options.WebhookVerifierToken) = (Read(options.ClientSecret), Read(options.WebhookVerifierToken)));
        services.PostConfigure<XeroOptions>(options => (options.ClientSecret, options.WebhookKey) = (Read(options.ClientSecret), Read(options.WebhookKey)));
    }

    /// <summary>A secret as it is meant.</summary>
    public static string Read(string text) => text.TrimEnd('\r', '\n');
}
