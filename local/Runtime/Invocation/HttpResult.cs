using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>Turns what a function returned into the answer, after all middleware has run. Without a result the answer is what the function wrote: 200 and empty if nothing.</summary>
internal static class HttpResult
{
    public static Task WriteAsync(object? result, HttpContext http) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        IResult minimal => minimal.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };
}
