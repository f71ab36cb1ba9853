using System.Collections.Concurrent;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Webhooks;

/// <summary>Registers webhooks, gathers events of edits, and delivers them (facts 4). Events do not outlive the process.</summary>
internal sealed class WebhookDesk(SandboxWorld world, Postman postman)
{
    private static readonly Signing[] Intent = [Signing.Right, Signing.Wrong, Signing.Missing, Signing.Right];
    private readonly ConcurrentDictionary<string, Outbox> _outboxes = new(StringComparer.Ordinal);

    public Webhook? Find(string clientId) => world.Read(state => state.Webhooks.GetValueOrDefault(clientId));

    public IReadOnlyList<string> Apps => world.Read(state => state.Webhooks.Keys.ToList());

    public Outbox Outbox(string clientId) => _outboxes.GetOrAdd(clientId, _ => new Outbox());

    /// <summary>Keeps the events of edits for every app with a webhook and a connection to the organisation.</summary>
    public void Record(Organisation organisation, IBooks books, IReadOnlyList<EditDone> edits)
    {
        var hooks = world.Read(state => state.Webhooks.Where(hook => state.Reachable(hook.Key, null, organisation.TenantId) is not null).ToList());
        if (hooks.Count == 0)
            return;
        var events = edits.SelectMany(edit => Events.Of(organisation.TenantId, books, edit)).ToList();
        foreach (var (clientId, hook) in hooks)
            Outbox(clientId).Add(events.Where(one => hook.Categories.Contains(one.Category)), world.Clock.UtcNow);
    }

    /// <summary>Asks the address for its intent to receive; enables the webhook when every answer is right.</summary>
    public async Task<IReadOnlyList<PostLog>> EnableAsync(string clientId, CancellationToken cancellationToken)
    {
        var webhook = Known(clientId);
        var outbox = Outbox(clientId);
        var posts = new List<PostLog>();
        foreach (var signing in Intent)
        {
            posts.Add(await postman.SendAsync(webhook, [], signing, cancellationToken));
            outbox.Log(posts[^1]);
        }

        var wrong = posts.Find(post => !post.Good);
        if (wrong is null)
            outbox.Forgive();
        Change(clientId, hook => hook with { Status = wrong is null ? WebhookStatus.Enabled : WebhookStatus.Pending, Why = wrong is null ? null : $"Intent to receive: {wrong.Why}." });
        return posts;
    }

    public Webhook Change(string clientId, Func<Webhook, Webhook> change) => world.Change(state =>
        state.Webhooks[clientId] = change(state.Webhooks.GetValueOrDefault(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.")));

    /// <summary>Sends what is to be sent now, in order, until nothing is left or a post fails. Early: without waiting for the time of the next try.</summary>
    public async Task<IReadOnlyList<PostLog>> DeliverAsync(string clientId, bool early, CancellationToken cancellationToken)
    {
        var outbox = Outbox(clientId);
        var posts = new List<PostLog>();
        await outbox.Sending.WaitAsync(cancellationToken);
        try
        {
            while (Find(clientId) is { Status: WebhookStatus.Enabled } webhook && (early || !webhook.Held))
            {
                var events = outbox.Next(webhook.EventsPerPost, world.Clock.UtcNow, early && posts.Count == 0);
                if (events.Count == 0)
                    break;
                var post = await postman.SendAsync(webhook, events, Signing.Right, cancellationToken);
                outbox.Log(post);
                posts.Add(post);
                if (post.Good)
                    outbox.Delivered(post.Last);
                else if (outbox.Failed(world.Clock.UtcNow))
                    Change(clientId, hook => hook with { Status = WebhookStatus.Disabled, Why = $"It failed for 24 hours: {post.Why}." });
            }
        }
        finally
        {
            outbox.Sending.Release();
        }

        return posts;
    }

    /// <summary>Sends past events once more, as a network or a hand at Xero might: out of order, several times, or signed by a stranger. Changes nothing of the delivery.</summary>
    public async Task<IReadOnlyList<PostLog>> ReplayAsync(string clientId, ReplayOrder order, CancellationToken cancellationToken)
    {
        var webhook = Known(clientId);
        var outbox = Outbox(clientId);
        var chunks = outbox.Between(order.From ?? 1, order.To ?? long.MaxValue).Chunk(Math.Max(1, order.EventsPerPost ?? webhook.EventsPerPost)).ToList();
        chunks = [.. Enumerable.Repeat(chunks, Math.Clamp(order.Times, 1, 10_000)).SelectMany(chunk => chunk)];
        if (order.Order == PostOrder.Descending)
            chunks.Reverse();
        else if (order.Order == PostOrder.Shuffled)
            new Random(order.Seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(chunks));
        var posts = new PostLog[chunks.Count];
        await Parallel.ForAsync(0, chunks.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(order.SideBySide, 1, 256), CancellationToken = cancellationToken }, async (index, stop) =>
        {
            posts[index] = await postman.SendAsync(webhook, chunks[index], order.Signature, stop);
            outbox.Log(posts[index]);
        });
        return posts;
    }

    public void Remove(string clientId)
    {
        world.Change(state => state.Webhooks.Remove(clientId));
        _outboxes.TryRemove(clientId, out _);
    }

    public void Forget() => _outboxes.Clear();

    private Webhook Known(string clientId) => Find(clientId) ?? throw new KeyNotFoundException($"The app '{clientId}' has no webhook.");
}

/// <summary>What to send once more.</summary>
internal sealed record ReplayOrder(
    long? From = null, long? To = null, PostOrder Order = PostOrder.Ascending, int Seed = 0, int Times = 1, Signing Signature = Signing.Right, int? EventsPerPost = null, int SideBySide = 1);

internal enum PostOrder
{
    Ascending,
    Descending,
    Shuffled,
}
