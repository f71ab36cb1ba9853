using System.Collections.Concurrent;
using DataHealth.Local.Sandbox.QuickBooks.Books;
using DataHealth.Local.Sandbox.QuickBooks.World;

namespace DataHealth.Local.Sandbox.QuickBooks.Webhooks;

/// <summary>Gathers the events of edits for every app that is connected to the company, and delivers them. Events do not outlive the process.</summary>
internal sealed class RealmWebhooks
{
    private static readonly HashSet<string> Untold = new(StringComparer.Ordinal)
        { EntityNames.Attachable, EntityNames.CompanyInfo, EntityNames.TaxCode, EntityNames.TaxRate, EntityNames.TaxAgency };

    private readonly QuickBooksWorld _world;
    private readonly RealmPostman _postman;
    private readonly ConcurrentDictionary<string, RealmOutbox> _outboxes = new(StringComparer.Ordinal);

    public RealmWebhooks(QuickBooksWorld world, RealmPostman postman, RealmLibrary library)
    {
        (_world, _postman) = (world, postman);
        library.Edited += Record;
    }

    public IReadOnlyList<string> Apps => _world.Read(state => state.Webhooks.Keys.ToList());

    public RealmWebhook? Find(string clientId) => _world.Read(state => state.Webhooks.GetValueOrDefault(clientId));

    public RealmOutbox Outbox(string clientId) => _outboxes.GetOrAdd(clientId, _ => new RealmOutbox());

    public RealmWebhook Change(string clientId, Func<RealmWebhook, RealmWebhook> change) => _world.Change(state =>
        state.Webhooks[clientId] = change(state.Webhooks.GetValueOrDefault(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.")));

    /// <summary>Sends what is to be sent now, in order, until nothing is left or a post fails. Early: without waiting for the time of the next try.</summary>
    public async Task<IReadOnlyList<RealmPost>> DeliverAsync(string clientId, bool early, CancellationToken cancellationToken)
    {
        var outbox = Outbox(clientId);
        var posts = new List<RealmPost>();
        await outbox.Sending.WaitAsync(cancellationToken);
        try
        {
            while (Find(clientId) is { Disabled: false } webhook && (early || !webhook.Held))
            {
                var events = outbox.Next(webhook.EventsPerPost, _world.Clock.UtcNow, early && posts.Count == 0);
                if (events.Count == 0)
                    break;
                var post = await _postman.SendAsync(webhook, events, RealmSigning.Right, _world.Switches, cancellationToken);
                outbox.Log(post);
                posts.Add(post);
                if (post.Good)
                    outbox.Delivered(post.Last);
                else if (outbox.Failed(_world.Clock.UtcNow))
                    Change(clientId, hook => hook with { Disabled = true, Why = $"It failed for a day: {post.Why}." });
            }
        }
        finally
        {
            outbox.Sending.Release();
        }

        return posts;
    }

    /// <summary>Sends past events once more, as a network or a stranger might: repeated, out of order, side by side, wrongly signed.</summary>
    public async Task<IReadOnlyList<RealmPost>> ReplayAsync(string clientId, RealmReplay order, CancellationToken cancellationToken)
    {
        var webhook = Find(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.");
        var outbox = Outbox(clientId);
        var chunks = outbox.Between(order.From ?? 1, order.To ?? long.MaxValue).Chunk(Math.Max(1, order.EventsPerPost ?? webhook.EventsPerPost)).ToArray();
        chunks = [.. Enumerable.Repeat(chunks, Math.Clamp(order.Times, 1, 10_000)).SelectMany(chunk => chunk)];
        if (order.Order == RealmOrder.Descending)
            Array.Reverse(chunks);
        else if (order.Order == RealmOrder.Shuffled)
            new Random(order.Seed).Shuffle(chunks);
        var posts = new RealmPost[chunks.Length];
        await Parallel.ForAsync(0, chunks.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(order.SideBySide, 1, 256), CancellationToken = cancellationToken }, async (index, stop) =>
        {
            posts[index] = await _postman.SendAsync(webhook, chunks[index], order.Signature, _world.Switches, stop);
            outbox.Log(posts[index]);
        });
        return posts;
    }

    public void Remove(string clientId)
    {
        _world.Change(state => state.Webhooks.Remove(clientId));
        _outboxes.TryRemove(clientId, out _);
    }

    public void Forget() => _outboxes.Clear();

    private void Record(RealmCompany company, IReadOnlyList<EntityEditDone> edits)
    {
        var apps = _world.Read(state => state.Webhooks.Keys
            .Where(client => state.Grants.Values.Any(grant => grant.Ended is null && grant.ClientId == client && grant.RealmId == company.RealmId)).ToList());
        if (apps.Count == 0)
            return;
        var events = edits.SelectMany(edit => edit.Changes).Where(change => !Untold.Contains(change.Entity))
            .Select(change => new RealmEvent(0, Guid.NewGuid(), company.RealmId, change)).ToList();
        foreach (var app in apps)
            Outbox(app).Add(events);
    }
}
