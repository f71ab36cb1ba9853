using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Composition;

/// <summary>The timers' schedules, as far as they can be judged without the host: it names the timer whose schedule it cannot read, and not the setting.</summary>
internal sealed partial class ScheduleRule(IConfiguration configuration) : IValidateOptions<SettingTexts>
{
    public ValidateOptionsResult Validate(string? name, SettingTexts options)
    {
        var faults = Settings.Defaults.Keys.Where(schedule => !Expression().IsMatch(configuration[schedule] ?? ""))
            .Select(schedule => $"{schedule} must be an NCRONTAB expression of six fields: second, minute, hour, day, month, day of the week.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    [GeneratedRegex(@"\A[-*/,0-9]+( [-*/,0-9]+){3}( [-*/,0-9A-Za-z]+){2}\z")]
    private static partial Regex Expression();
}
