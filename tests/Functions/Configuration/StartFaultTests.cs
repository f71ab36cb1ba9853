using DataHealth.Core.Notices;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Providers.Xero;
using DataHealth.Functions.Composition;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Tests.Configuration;

/// <summary>Every setting there is, set wrong in every way that its type allows, and left out: the start fails with one sentence that names it.</summary>
public sealed class StartFaultTests
{
    // What no type tells: a value that is well formed and still wrong.
    private static readonly Dictionary<string, string> Misfits = new()
    {
        ["Auth:Audience"] = "  ",
        ["Auth:Algorithms:{n}"] = "HS256",
        ["Costs:Providers:{provider}:Currency"] = "pounds",
        ["Members:FirstSupportEmail"] = "nobody",
        ["Notices:From"] = "nobody",
        ["Notices:SmtpHost"] = "smtp.example:587",
        ["QuickBooks:Scopes"] = "openid",
        ["Storage:ConnectionString"] = "AccountName=half",
        ["Storage:ManagedIdentityClientId"] = "my-identity",
        ["Storage:TablePrefix"] = "9-bad",
        ["Telemetry:ManagedIdentityClientId"] = "my-identity",
        ["Vault:ManagedIdentityClientId"] = "my-identity",
        ["Web:Origins:{n}"] = "*",
        ["Xero:Scopes"] = "openid",
    };

    private static readonly Start Here = Start.OnThisMachine();
    private static readonly Start Azure = Start.InAzure();

    public static TheoryData<string> Names => [.. Setting.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_value_of_any_setting_fails_the_start_with_one_sentence_that_names_it(string name)
    {
        var setting = Setting.All.Single(one => one.Name == name);
        foreach (var start in (Start[])[Here, Azure])
        {
            foreach (var wrong in Wrong(setting))
                ShouldBeOneSentenceAbout(setting.Told, start.Fault((setting.Key, wrong)), $"{setting.Key}={wrong}");
        }
    }

    [Fact]
    public void A_setting_that_must_be_there_fails_the_start_when_it_is_left_out_and_no_other_does()
    {
        var here = LeftOut(Here);
        var azure = LeftOut(Azure);

        var rows = SettingRow.ReadAll().Where(row => Setting.All.Any(setting => setting.Name == row.Name)).ToList();
        here.Order().ShouldBe(rows.Where(row => row.Need == "required").Select(row => row.Name).Concat(Together).Order());
        azure.Order().ShouldBe(rows.Where(row => row.Need.StartsWith("required", StringComparison.Ordinal) && row.Name != "Storage:ConnectionString").Select(row => row.Name).Concat(Together).Order());
    }

    [Fact]
    public void It_starts_with_good_settings()
    {
        Here.Fault().ShouldBeNull();
        Azure.Fault().ShouldBeNull();
    }

    [Fact]
    public void A_secret_whose_file_ended_with_a_line_end_is_good_and_taken_without_it()
    {
        foreach (var end in (string[])["\n", "\r\n"])
        {
            Azure.Fault([.. SecretTexts.Names.Select(name => (name, (string?)$"it is{end}"))]).ShouldBeNull();
            using var services = Azure.Services.BuildServiceProvider();
            services.GetRequiredService<IOptions<XeroOptions>>().Value.ClientSecret.ShouldBe("it is");
            services.GetRequiredService<IOptions<XeroOptions>>().Value.WebhookKey.ShouldBe("it is");
            services.GetRequiredService<IOptions<QuickBooksOptions>>().Value.ClientSecret.ShouldBe("it is");
            services.GetRequiredService<IOptions<QuickBooksOptions>>().Value.WebhookVerifierToken.ShouldBe("it is");
            services.GetRequiredService<IOptions<NoticeOptions>>().Value.SmtpPassword.ShouldBe("it is");
        }
    }

    [Fact]
    public void A_secret_that_is_only_a_line_end_is_missing() =>
        ShouldBeOneSentenceAbout("Xero:ClientSecret", Azure.Fault(("Xero:ClientSecret", "\n")), "an empty file");

    [Fact]
    public void The_secrets_that_people_set_in_the_vault_are_those_whose_line_end_is_left_out() =>
        SecretTexts.Names.Order().ShouldBe(SettingRow.ReadAll().Where(row => row.IsSecret && row.Azure.StartsWith("Key Vault", StringComparison.Ordinal)).Select(row => row.Name).Order());

    [Fact]
    public void A_name_that_is_no_setting_fails_the_start_in_every_section()
    {
        var start = Here;
        foreach (var (section, _) in SettingTexts.Sections)
            ShouldBeOneSentenceAbout($"{section}:Intervall", start.Fault(($"{section}:Intervall", "1")), section);
    }

    [Fact]
    public void A_key_of_the_storage_account_is_refused_in_Azure() =>
        ShouldBeOneSentenceAbout("Storage:ConnectionString", Azure.Fault(("Storage:ConnectionString", "UseDevelopmentStorage=true")), "a connection string");

    [Fact]
    public void Every_options_class_that_is_bound_is_among_the_sections_that_are_checked() =>
        Here.Services
            .Where(service => service.ServiceType.IsGenericType && service.ServiceType.GetGenericTypeDefinition() == typeof(IOptionsChangeTokenSource<>))
            .Select(service => service.ServiceType.GetGenericArguments()[0])
            .Where(type => type.Assembly.GetName().Name is "DataHealth.Core" or "DataHealth.Functions")
            .Distinct()
            .ShouldBe(SettingTexts.Sections.Select(section => section.Options), ignoreOrder: true);

    // Pairs of which one was left out: an app's secret without its id, a mail account without its password.
    private static readonly string[] Together = ["Notices:SmtpPassword", "Notices:SmtpUser", "QuickBooks:ClientId", "QuickBooks:ClientSecret", "Xero:ClientId", "Xero:ClientSecret"];

    private static List<string> LeftOut(Start start)
    {
        List<string> needed = [];
        foreach (var name in start.Good.Keys)
        {
            if (start.Fault((name, null)) is { } fault)
            {
                ShouldBeOneSentenceAbout(name, fault, $"without {name}");
                needed.Add(name);
            }
        }
        // In Azure the host itself reads these before our code runs, and our own defaults stand behind them here.
        return [.. needed.Where(name => !Settings.Defaults.ContainsKey(name))];
    }

    private static IEnumerable<string> Wrong(Setting setting)
    {
        if (Misfits.TryGetValue(setting.Name, out var misfit))
            yield return misfit;
        if (setting.Type == typeof(string))
        {
            yield return "@Microsoft.KeyVault(SecretUri=https://settings.vault.azure.net/secrets/x)";
            // A secret's file may end with a line end; a second line in it is a slip.
            yield return SecretTexts.Names.Contains(setting.Name) ? "pasted\nin two" : "pasted\n";
            yield return " pasted";
        }
        else if (setting.Type == typeof(bool))
        {
            yield return "perhaps";
        }
        else if (setting.Type == typeof(Uri))
        {
            yield return "nowhere";
            yield return "ftp://far.example/";
            yield return "http://far.example/";
        }
        else if (setting.Type == typeof(TimeSpan))
        {
            yield return "soon";
            yield return "-00:00:01";
            yield return TimeSpan.MaxValue.ToString();
        }
        else
        {
            yield return "many";
            yield return "-1";
            yield return "99999999999999";
            if (setting.Type == typeof(double))
                yield return "NaN";
        }
    }

    private static void ShouldBeOneSentenceAbout(string name, string? fault, string what)
    {
        fault.ShouldNotBeNull($"{what}: it started");
        fault.ShouldContain(name, Case.Sensitive, what);
        fault.ShouldEndWith(".", Case.Sensitive, what);
        fault.Split(".; ").Length.ShouldBe(1, $"{what}: {fault}");
        fault.ShouldNotContain("pasted", Case.Sensitive, "a value may be a secret");
    }
}
