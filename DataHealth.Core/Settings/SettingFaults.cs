using System.Globalization;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Settings;

/// <summary>Gathers what is wrong with one section's settings at start: one sentence for each, which names it and says what it may be, and never the value, which may be a secret.</summary>
/// <param name="section">The configuration section, e.g. <c>Sync</c>.</param>
public sealed class SettingFaults(string section)
{
    private readonly List<string> _faults = [];

    /// <summary>What the options' rule answers.</summary>
    public ValidateOptionsResult Result => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    /// <summary>The shortest time that is longer than nothing.</summary>
    public static TimeSpan Tick => TimeSpan.FromMilliseconds(1);

    /// <summary>A number between two bounds, both allowed.</summary>
    public SettingFaults Range<T>(string setting, T value, T least, T most)
        where T : struct, IComparable<T>, IFormattable =>
        Must(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, setting, $"must be from {Words(least)} to {Words(most)}");

    /// <summary>A setting that names a server: https, or http on this machine.</summary>
    public SettingFaults Address(string setting, Uri? address, string otherwise = "must be an https address (http only on this machine)") =>
        Must(address is { IsAbsoluteUri: true, Query.Length: 0, Fragment.Length: 0 } && IsSafe(address), setting, otherwise);

    /// <summary>The client id of a user-assigned identity, which is a GUID; or empty.</summary>
    public SettingFaults Identity(string setting, string? clientId) =>
        Must(string.IsNullOrEmpty(clientId) || Guid.TryParse(clientId, out _), setting, "must be the client id of a user-assigned identity, a GUID, or empty");

    /// <summary>Any other condition.</summary>
    /// <param name="holds">Whether the setting is as it must be.</param>
    /// <param name="setting">Its name within the section.</param>
    /// <param name="otherwise">What it must be, without the name and the full stop.</param>
    public SettingFaults Must(bool holds, string setting, string otherwise)
    {
        if (!holds)
            _faults.Add($"{section}:{setting} {otherwise}.");
        return this;
    }

    private static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private static string Words<T>(T value)
        where T : IFormattable => value is TimeSpan time ? TimeWords(time) : value.ToString(value is int or long ? "N0" : null, CultureInfo.InvariantCulture);

    private static string TimeWords(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0",
        { TotalDays: >= 1 } when time.TotalDays % 1 == 0 => Count(time.TotalDays, "day"),
        { TotalHours: >= 1 } when time.TotalHours % 1 == 0 => Count(time.TotalHours, "hour"),
        { TotalMinutes: >= 1 } when time.TotalMinutes % 1 == 0 => Count(time.TotalMinutes, "minute"),
        { TotalSeconds: >= 1 } when time.TotalSeconds % 1 == 0 => Count(time.TotalSeconds, "second"),
        _ => Count(time.TotalMilliseconds, "millisecond"),
    };

    private static string Count(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {unit}{(number == 1 ? "" : "s")}");
}
