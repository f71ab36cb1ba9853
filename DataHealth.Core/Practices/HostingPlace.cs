namespace DataHealth.Core.Practices;

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
