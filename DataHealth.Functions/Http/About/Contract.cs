using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.About;

/// <summary>openapi.yaml, the contract of this API.</summary>
public static class Contract
{
    [OpenToAll]
    [Function("Contract")]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.yaml")] HttpRequest request) =>
        Results.Stream(typeof(Contract).Assembly.GetManifestResourceStream("openapi.yaml")!, "application/yaml; charset=utf-8");
}
