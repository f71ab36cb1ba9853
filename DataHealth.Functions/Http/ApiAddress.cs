using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http;

/// <summary>Addresses of our own API. The prefix is the host's (host.json), which functions cannot ask for, so it is stated once here and checked by a test.</summary>
internal static class ApiAddress
{
    public const string Prefix = "/api/";

    public static string Of(HttpRequest request, string path) => request.PathBase + Prefix + path;
}
