using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace DataHealth.Local.Runtime.Durable.Storage;

/// <summary>A task hub's two tables and one container, made on first use.</summary>
internal sealed class HubStorage
{
    private readonly BlobContainerClient _blobs;
    private readonly Lock _gate = new();
    private Task? _created;

    /// <param name="settings">Where and under which name.</param>
    /// <param name="observers">Pipeline policies that see every request, for tests that end or freeze a process between two of them.</param>
    public HubStorage(DurableSettings settings, IEnumerable<HttpPipelinePolicy> observers)
    {
        var tableOptions = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2) } };
        var blobOptions = new BlobClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(2) } };
        foreach (var observer in observers)
        {
            tableOptions.AddPolicy(observer, HttpPipelinePosition.PerRetry);
            blobOptions.AddPolicy(observer, HttpPipelinePosition.PerRetry);
        }
        Instances = new(settings.Connection, settings.HubName + "Instances", tableOptions);
        Work = new(settings.Connection, settings.HubName + "Work", tableOptions);
#pragma warning disable CA1308 // A container's name is lower case by Azure's rule.
        _blobs = new(settings.Connection, settings.HubName.ToLowerInvariant() + "-largemessages", blobOptions);
#pragma warning restore CA1308
    }

    /// <summary>A partition per instance: its row, its history, its inbox and its outbox, so that one transaction covers them.</summary>
    public TableClient Instances { get; }

    /// <summary>A row per unfinished instance: when somebody should next look at it.</summary>
    public TableClient Work { get; }

    public BlobContainerClient Blobs => _blobs;

    /// <summary>Completes once they are there. A failure is not kept: the storage may be started after us.</summary>
    public Task ReadyAsync()
    {
        lock (_gate)
            return _created is null or { IsFaulted: true } or { IsCanceled: true } ? _created = CreateAsync() : _created;
    }

    /// <summary>The text as a key: what Azure forbids in keys is written as %XXXX.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '/' or '\\' or '#' or '?' or '%' || char.IsControl(c))
                escaped.Append('%').Append(((int)c).ToString("X4", null));
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }

    public static string Unescape(string key)
    {
        var text = new StringBuilder(key.Length);
        for (var i = 0; i < key.Length; i++)
        {
            if (key[i] == '%' && i + 4 < key.Length)
            {
                text.Append((char)Convert.ToInt32(key.Substring(i + 1, 4), 16));
                i += 4;
            }
            else
            {
                text.Append(key[i]);
            }
        }
        return text.ToString();
    }

    private async Task CreateAsync()
    {
        await Instances.CreateIfNotExistsAsync();
        await Work.CreateIfNotExistsAsync();
        await _blobs.CreateIfNotExistsAsync();
    }
}
