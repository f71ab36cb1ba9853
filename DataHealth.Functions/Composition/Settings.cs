using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>Settings that have a value when nobody sets them.</summary>
internal static class Settings
{
    // NCRONTAB with seconds, UTC. In Azure the host itself reads these, and only from app settings: infra sets them (docs/decisions/0502).
    public static readonly IReadOnlyDictionary<string, string?> Defaults = new Dictionary<string, string?>
    {
        ["DigestSchedule"] = "0 10 * * * *",
        ["DueSyncSchedule"] = "0 */5 * * * *",
        ["KeepAliveSchedule"] = "20 2-59/5 * * * *",
        ["RetentionSchedule"] = "0 7-59/10 * * * *",
        ["SweepSchedule"] = "30 */5 * * * *",
        ["TendSchedule"] = "45 */5 * * * *",
        ["WebhookDrainSchedule"] = "30 4/5 * * * *",
    };

    // What host.json's %TaskHub% stands for on one machine. In Azure the host and its scale controller read it from app settings: infra sets it.
    private static readonly KeyValuePair<string, string?> TaskHub = new("TaskHub", "DataHealth");

    public static void AddSettings(this FunctionsApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults.Append(TaskHub) });
        builder.Services.AddOptions<SettingTexts>().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SettingTexts>, SettingTextsRule>();
        builder.Services.AddSingleton<IValidateOptions<SettingTexts>, ScheduleRule>();
        builder.Services.AddSecretTexts();
    }
}
