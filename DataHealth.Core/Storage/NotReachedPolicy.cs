using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace DataHealth.Core.Storage;

/// <summary>
/// Gives a storage that was not reached at all the one face that its refusals have. The SDK says it by an <see cref="AggregateException"/> after its last try, and a missing identity by
/// a type of its own; who handles "our storage is away" must not have to know all three.
/// </summary>
internal sealed class NotReachedPolicy : HttpPipelinePolicy
{
    /// <inheritdoc />
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            await ProcessNextAsync(message, pipeline);
        }
        catch (Exception away) when (away is AggregateException or AuthenticationFailedException)
        {
            throw NotReached(away);
        }
    }

    /// <inheritdoc />
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        try
        {
            ProcessNext(message, pipeline);
        }
        catch (Exception away) when (away is AggregateException or AuthenticationFailedException)
        {
            throw NotReached(away);
        }
    }

    private static RequestFailedException NotReached(Exception away) =>
        new(0, away is AuthenticationFailedException ? "This app's identity gets no token for our storage." : "Our storage was not reached.", "NotReached", away);
}
