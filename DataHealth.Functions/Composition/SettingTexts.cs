using System.ComponentModel;
using System.Reflection;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Vault;
using DataHealth.Core.Costs;
using DataHealth.Core.Notices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Retention;
using DataHealth.Core.Storage;
using DataHealth.Core.Sync;
using DataHealth.Core.Webhooks;
using DataHealth.Functions.Http;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Http.Pipeline;
using DataHealth.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>The settings as they were written, before they are read into options.</summary>
internal sealed class SettingTexts
{
    /// <summary>Every section that is ours, and what it is read into.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Sections { get; } =
    [
        (AuthOptions.Section, typeof(AuthOptions)),
        (ConnectionsOptions.Section, typeof(ConnectionsOptions)),
        (CostOptions.Section, typeof(CostOptions)),
        (DeletionOptions.Section, typeof(DeletionOptions)),
        (MembersOptions.Section, typeof(MembersOptions)),
        (NoticeOptions.Section, typeof(NoticeOptions)),
        (QuickBooksOptions.Section, typeof(QuickBooksOptions)),
        (RateLimitOptions.Section, typeof(RateLimitOptions)),
        (RetentionOptions.Section, typeof(RetentionOptions)),
        (StorageOptions.Section, typeof(StorageOptions)),
        (SyncOptions.Section, typeof(SyncOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
        (VaultOptions.Section, typeof(VaultOptions)),
        (WebOptions.Section, typeof(WebOptions)),
        (WebhookOptions.Section, typeof(WebhookOptions)),
        (XeroOptions.Section, typeof(XeroOptions)),
    ];
}

/// <summary>
/// Refuses what no rule sees: a name that is no setting (a slip of the pen would silently leave the default), a value that cannot be read (the binder passes over one within a dictionary),
/// blanks around a value or a line break in it (but for the line end of a secret's file, see <see cref="SecretTexts"/>), and a Key Vault reference that Azure could not resolve, which it hands over as it stands.
/// </summary>
internal sealed class SettingTextsRule(IConfiguration configuration) : IValidateOptions<SettingTexts>
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "true or false",
        [typeof(int)] = "a whole number, 2,147,483,647 at most",
        [typeof(long)] = "a whole number",
        [typeof(double)] = "a number",
        [typeof(decimal)] = "a number",
        [typeof(TimeSpan)] = "a time as in 00:05:00, or with days as in 7.00:00:00",
    };

    public ValidateOptionsResult Validate(string? name, SettingTexts options)
    {
        var faults = SettingTexts.Sections.SelectMany(one => Faults(configuration.GetSection(one.Section), one.Options)).ToList();
        // Thrown, as the binder does: such a value is not judged by any other rule.
        return faults.Count == 0 ? ValidateOptionsResult.Success : throw new InvalidOperationException(string.Join(' ', faults));
    }

    private static IEnumerable<string> Faults(IConfigurationSection setting, Type type)
    {
        if (TextOf(setting) is { Length: > 0 } text && Fault(text, Nullable.GetUnderlyingType(type) ?? type) is { } fault)
            yield return $"{setting.Path} {fault}.";
        foreach (var child in setting.GetChildren())
        {
            if (TypeOf(child.Key, type) is not { } inner)
                yield return $"{child.Path} is not a setting: docs/configuration.md has all of them.";
            else
            {
                foreach (var deeper in Faults(child, inner))
                    yield return deeper;
            }
        }
    }

    private static string? TextOf(IConfigurationSection setting) => setting.Value is { } text && SecretTexts.Names.Contains(setting.Path) ? SecretTexts.Read(text) : setting.Value;

    private static Type? TypeOf(string key, Type type)
    {
        if (type.IsGenericType)
            return type.GetGenericArguments()[^1];
        return type.Assembly.GetName().Name!.StartsWith("DataHealth.", StringComparison.Ordinal)
            ? type.GetProperty(key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType
            : null;
    }

    private static string? Fault(string text, Type type)
    {
        if (text.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
            return "is a Key Vault reference that Azure could not resolve: set that secret, see that this app's identity has the role Key Vault Secrets User at that vault, and let Azure read it again (docs/operations.md, Secrets)";
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]) || text.Any(char.IsControl))
            return "has blanks around it or a line break in it";
        return Words.TryGetValue(type, out var words) && !TypeDescriptor.GetConverter(type).IsValid(text) ? $"must be {words}" : null;
    }
}
