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
    public ValidateOptionsResult Validate(string? name, MembersOptions options)
    {
        List<string> wrong = [];
        if (options.InvitationLifetime < TimeSpan.FromHours(1) || options.InvitationLifetime > TimeSpan.FromDays(30))
            wrong.Add("Members:InvitationLifetime must be from 1 hour to 30 days.");
        if (options.LongestSupportAccess < TimeSpan.FromMinutes(15) || options.LongestSupportAccess > TimeSpan.FromHours(24))
            wrong.Add("Members:LongestSupportAccess must be from 15 minutes to 24 hours.");
        if (options.FirstSupportEmail is { Length: > 0 } email && !EmailAddress.TryParse(email, out _))
            wrong.Add("Members:FirstSupportEmail must be an e-mail address.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
