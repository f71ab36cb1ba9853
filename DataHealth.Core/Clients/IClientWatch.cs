using Azure;

namespace DataHealth.Core.Clients;

/// <summary>Told around every change of what a practice sees of a client at a glance (its name, its connection, its runs), so that lists stay true.</summary>
public interface IClientWatch
{
    /// <summary>Something about the client is about to change. Noted before it does: whatever crashes, the client is looked at again.</summary>
    /// <param name="client">Which client.</param>
    /// <param name="cancellationToken">Cancels the note.</param>
    Task<ChangeMark> ChangingAsync(ClientId client, CancellationToken cancellationToken);

    /// <summary>
    /// It has changed. Never fails, and cannot be cancelled: what follows a change (its audit entry) must not be lost because whoever asked went away. Where the look cannot be had now, the
    /// note stays, and a sweep does it.
    /// </summary>
    /// <param name="mark">From <see cref="ChangingAsync"/>.</param>
    Task ChangedAsync(ChangeMark mark);
}

/// <summary>The note of a change under way.</summary>
/// <param name="Client">Which client.</param>
/// <param name="ETag">Of the note; a later change writes it anew.</param>
public readonly record struct ChangeMark(ClientId Client, ETag ETag);

/// <summary>Nobody watches: for a part of the product that runs alone.</summary>
internal sealed class NoWatch : IClientWatch
{
    public Task<ChangeMark> ChangingAsync(ClientId client, CancellationToken cancellationToken) => Task.FromResult(new ChangeMark(client, default));

    public Task ChangedAsync(ChangeMark mark) => Task.CompletedTask;
}
