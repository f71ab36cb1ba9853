namespace DataHealth.Testing;

/// <summary>The working copy that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds DataHealth.slnx.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DataHealth.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No DataHealth.slnx above {AppContext.BaseDirectory}; run the tests from the repository.");
    }
}
