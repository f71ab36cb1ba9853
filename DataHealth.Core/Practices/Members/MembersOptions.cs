using DataHealth.Core.Settings;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices.Members;

/// <summary>How people come in. Section <c>Members</c>.</summary>
public sealed class MembersOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Members";

    /// <summary>How long an invitation can be accepted: 1 hour to 30 days.</summary>
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The longest time for which our support may open a practice: 15 minutes to 24 hours.</summary>
    public TimeSpan LongestSupportAccess { get; set; } = TimeSpan.FromHours(8);

    /// <summary>The address of the first person of our support, who becomes one on signing in, while there is nobody yet. The others are invited.</summary>
    public string? FirstSupportEmail { get; set; }
}

/// <summary>What the options must be.</summary>
public sealed class MembersRule : IValidateOptions<MembersOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MembersOptions options) => new SettingFaults(MembersOptions.Section)
        .Range(nameof(options.InvitationLifetime), options.InvitationLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(30))
        .Range(nameof(options.LongestSupportAccess), options.LongestSupportAccess, TimeSpan.FromMinutes(15), TimeSpan.FromHours(24))
        .Must(string.IsNullOrEmpty(options.FirstSupportEmail) || EmailAddress.TryParse(options.FirstSupportEmail, out _), nameof(options.FirstSupportEmail), "must be an e-mail address, or empty")
        .Result;
}
