using Azure.Core;
using Azure.Core.Pipeline;

namespace DataHealth.Core.Connections.Vault;

/// <summary>Sees each 429 of the vault, also those after which the SDK waits and asks again, so that nobody else learns of them.</summary>
internal sealed class CountThrottles(ConnectionMetrics metrics) : HttpPipelineSynchronousPolicy
{
    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.HasResponse && message.Response.Status == 429)
            metrics.Throttled();
    }
}
