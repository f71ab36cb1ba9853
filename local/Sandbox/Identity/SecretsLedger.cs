using System.Security.Cryptography;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Identity;

/// <summary>Makes every code and token, and remembers each, so that a scan for leaks knows what to look for. A real provider has no such list.</summary>
public sealed class SecretsLedger
{
    private readonly Lock _gate = new();
    private readonly List<IssuedSecret> _issued = [];
    private readonly WorldFolder? _folder;

    public SecretsLedger(WorldFolder? folder)
    {
        _folder = folder;
        if (folder is null || !File.Exists(folder.SecretsFile))
            return;
        foreach (var parts in File.ReadLines(folder.SecretsFile).Select(line => line.Split('\t')).Where(parts => parts.Length == 2))
            _issued.Add(new IssuedSecret(parts[0], parts[1]));
    }

    public string NewToken(string kind) => Keep(kind, Base64Url(RandomNumberGenerator.GetBytes(32)));

    public string Keep(string kind, string value)
    {
        lock (_gate)
        {
            _issued.Add(new IssuedSecret(kind, value));
            if (_folder is not null)
                File.AppendAllText(_folder.SecretsFile, $"{kind}\t{value}\n");
        }

        return value;
    }

    public IReadOnlyList<IssuedSecret> All()
    {
        lock (_gate)
            return [.. _issued];
    }

    public void Forget()
    {
        lock (_gate)
            _issued.Clear();
    }

    internal static string Base64Url(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}

/// <param name="Kind">client-secret, code, refresh-token, access-token, id-token, form-token or webhook-key.</param>
/// <param name="Value">The secret itself.</param>
public sealed record IssuedSecret(string Kind, string Value);
