using Microsoft.Extensions.Options;

namespace DataHealth.Core.Practices;

/// <summary>One practice with one member from configuration, in place of sign-in on one machine. Section <c>LocalMember</c>. Accepted only outside Azure.</summary>
public sealed class LocalMemberOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalMember";

    /// <summary>The practice's id: lower-case letters and digits, at most 40. Empty: no local member.</summary>
    public string? PracticeId { get; set; }

    /// <summary>The practice's name.</summary>
    public string PracticeName { get; set; } = "Local practice";

    /// <summary>The member's id: letters, digits, hyphens, at most 100.</summary>
    public string MemberId { get; set; } = "local";

    /// <summary>The member's name.</summary>
    public string Name { get; set; } = "Local member";

    /// <summary>True when a local member is configured.</summary>
    public bool IsConfigured => !string.IsNullOrEmpty(PracticeId);

    /// <summary>The practice.</summary>
    public Practice ToPractice() => new(new PracticeId(PracticeId ?? ""), PracticeName);

    /// <summary>The member, who may do everything, what our support does included.</summary>
    public Actor ToActor(string requestId) =>
        new(new PracticeId(PracticeId ?? ""), new MemberId(MemberId), Name, Role.PracticeAdmin, Permissions.All | Permissions.Support, ClientAccess.All, requestId);
}

/// <summary>Refuses a local member that is malformed, or that is configured where real people could reach it.</summary>
/// <param name="place">Where this process runs.</param>
public sealed class LocalMemberRule(HostingPlace place) : IValidateOptions<LocalMemberOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, LocalMemberOptions options)
    {
        if (!options.IsConfigured)
            return ValidateOptionsResult.Success;
        if (place.IsAzure)
            return ValidateOptionsResult.Fail("LocalMember is configured, but this runs in Azure, where everyone who finds the address would be that member. Remove the section LocalMember.");
        List<string> wrong = [];
        if (options.PracticeId is not { Length: <= 40 } practice || !practice.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
            wrong.Add("LocalMember:PracticeId must be lower-case letters and digits, at most 40.");
        if (options.MemberId is not { Length: > 0 and <= 100 } member || !member.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            wrong.Add("LocalMember:MemberId must be letters, digits and hyphens, at most 100.");
        if (string.IsNullOrWhiteSpace(options.Name) || string.IsNullOrWhiteSpace(options.PracticeName))
            wrong.Add("LocalMember:Name and LocalMember:PracticeName must not be empty.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}

/// <summary>Where this process runs.</summary>
/// <param name="IsAzure">True in Azure Functions or App Service.</param>
public sealed record HostingPlace(bool IsAzure)
{
    // Set by the platform itself on every plan; a person does not set them on a desk (CONTAINER_NAME, which some plans set as well, build machines have too).
    private static readonly string[] Signs = ["WEBSITE_SITE_NAME", "WEBSITE_INSTANCE_ID", "IDENTITY_ENDPOINT"];

    /// <summary>Decides by the variables that Azure sets.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static HostingPlace From(Func<string, string?> variable) => new(Signs.Any(sign => !string.IsNullOrEmpty(variable(sign))));
}
