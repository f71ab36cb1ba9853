using DataHealth.Functions.Http.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.About;

/// <summary>Answers what no other function does, for which the Functions host itself would say an empty 404.</summary>
public sealed class UnknownAddress(RouteTable routes)
{
    [OpenToAll]
    [Function("UnknownAddress")]
    public IResult Answer([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request, string? path)
    {
        var methods = routes.MethodsAt(new PathString("/" + (path ?? "").TrimStart('/')));
        return methods.Count == 0 ? Problems.UnknownAddress : Problems.WrongMethod(string.Join(", ", methods));
    }
}
