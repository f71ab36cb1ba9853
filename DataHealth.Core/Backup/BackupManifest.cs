using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataHealth.Core.Backup;

/// <summary>What a backup holds. Written last: a backup without one was broken off.</summary>
public sealed record BackupManifest
{
    /// <summary>Its file.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The shape that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The shape of its files.</summary>
    public required int Format { get; init; }

    /// <summary>Names this backup.</summary>
    public required string Id { get; init; }

    /// <summary>The product's version that made it.</summary>
    public required string Product { get; init; }

    /// <summary>Everything, or only what says which clients and practices were deleted.</summary>
    public required BackupKind Kind { get; init; }

    /// <summary>The storage's own time before the first row was read: what happened before is in it.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time after the last row was read.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Partitions that were written so often that none of several readings was a whole one; their scores are calculated anew by the next sync.</summary>
    public int Restless { get; init; }

    /// <summary>The files, in the order of copying.</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    internal BackupFile? Find(string file) => Files.FirstOrDefault(one => one.Name == file + BackupFile.Ending);

    /// <summary>The manifest of a finished backup; null where there is none, or the writing of it was broken off.</summary>
    /// <exception cref="BackupException">It is damaged, or of another version.</exception>
    internal static async Task<BackupManifest?> FindAsync(IBackupPlace place, CancellationToken cancellationToken)
    {
        await using var stream = await place.OpenAsync(FileName, cancellationToken);
        if (stream is null)
            return null;
        using var text = new StreamReader(stream);
        var json = (await text.ReadToEndAsync(cancellationToken)).Trim();
        // Cut short while it was written.
        if (!json.EndsWith('}'))
            return null;
        try
        {
            var format = JsonDocument.Parse(json).RootElement.GetProperty("format").GetInt32();
            return format == CurrentFormat
                ? JsonSerializer.Deserialize(json, BackupJson.Default.BackupManifest)
                : throw new BackupException($"The backup in {place} is of format {format}; this version of the product reads {CurrentFormat}.");
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BackupException($"The manifest of the backup in {place} is damaged: it is neither used nor overwritten.");
        }
    }
}

/// <summary>What a backup is for.</summary>
public enum BackupKind
{
    /// <summary>All that a restore needs.</summary>
    Full,

    /// <summary>The certificates of deletions: a small one, made more often, that keeps deleted what was deleted after the last full one.</summary>
    Deletions,
}

/// <summary>One file of a backup: a table's rows as compressed JSON lines.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Lines in it.</param>
/// <param name="Bytes">Its length as stored.</param>
/// <param name="Sha256">Of its bytes as stored, in hexadecimal digits.</param>
public sealed record BackupFile(string Name, long Rows, long Bytes, string Sha256)
{
    internal const string Ending = ".jsonl.gz";
}

/// <summary>A backup that cannot be used as asked; its message is for the person.</summary>
public sealed class BackupException(string message) : Exception(message);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
