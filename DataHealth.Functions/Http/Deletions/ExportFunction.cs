using DataHealth.Core.Clients;
using DataHealth.Core.Clients.Deletion;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.Deletions;

/// <summary>Everything that is held about a client, to take out.</summary>
public sealed class ExportFunction(ICurrentMember member, ClientDoor door, ExportClient export)
{
    [Function("ExportClient")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "clients/{clientId}/export")] HttpRequest http, string clientId, CancellationToken cancellationToken)
    {
        var (client, problem) = await door.OpenAsync(clientId, Permissions.ExportData, cancellationToken);
        if (client is null)
            return problem!;
        // Before the first byte leaves: until then a fault is still a problem.
        return new Zip(client, await export.BeginAsync(member.Actor, client, cancellationToken), export);
    }

    /// <summary>Streams: the client's books may be larger than our memory. What fails half-way breaks the answer off, and the file then lacks its last entry.</summary>
    private sealed class Zip(Client client, ClientScope scope, ExportClient export) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "application/zip";
            response.Headers.ContentDisposition = Attachment.Of(client.Name, "everything", "zip");
            await export.WriteAsync(scope, response.Body, httpContext.RequestAborted);
        }
    }
}
