using System.Text.Json;

namespace DataHealth.Local.Sandbox.World;

/// <summary>The data folder: the state, the signing key, the secrets ever issued, and the edits of each organisation's books.</summary>
public sealed class WorldFolder
{
    private readonly string _folder;

    public WorldFolder(string folder)
    {
        _folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(_folder);
    }

    public string SecretsFile => Path.Combine(_folder, "secrets.txt");

    public string KeyFile => Path.Combine(_folder, "signing-key.pem");

    public string EditsFile(TenantKey tenantId) => Path.Combine(_folder, $"edits-{tenantId}.jsonl");

    private string StateFile => Path.Combine(_folder, "state.json");

    /// <summary>Null when the folder is new.</summary>
    /// <exception cref="InvalidDataException">The file is there and cannot be read.</exception>
    public T? Load<T>()
        where T : class
    {
        if (!File.Exists(StateFile))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(StateFile), SandboxJson.Options)
                ?? throw new InvalidDataException($"The sandbox's state in {StateFile} is empty. Delete the folder to start anew.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The sandbox's state in {StateFile} cannot be read. Delete the folder to start anew.", exception);
        }
    }

    public void Save<T>(T state)
    {
        var fresh = StateFile + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
            JsonSerializer.Serialize(file, state, SandboxJson.Options);
        File.Move(fresh, StateFile, overwrite: true);
    }

    /// <summary>Forgets everything but the key.</summary>
    public void Clear()
    {
        foreach (var file in Directory.EnumerateFiles(_folder, "edits-*.jsonl").Append(StateFile).Append(SecretsFile).Where(File.Exists))
            File.Delete(file);
    }
}
