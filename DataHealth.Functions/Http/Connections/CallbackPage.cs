using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Connections;

/// <summary>Our own page after a consent, for an installation without a front end: how it went, and the one-time code to go on with. The page itself cannot: it is nobody's sign-in.</summary>
internal sealed class CallbackPage(ConsentResult result, string provider) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var problem = result.Problem(provider);
        var isMany = result is ConsentResult.PendingMany;
        var next = isMany
            ? "One step is left: the person who pressed Connect asks, signed in, within ten minutes and with this code, what it offers, and says which organisation belongs to which client. Copying their books then starts by itself."
            : "One step is left: the person who pressed Connect confirms it, signed in, within ten minutes and with this code. Copying the books then starts by itself.";
        var html = Template()
            .Replace("{{nonce}}", nonce, StringComparison.Ordinal)
            .Replace("{{title}}", Encoded(problem?.Title ?? $"{provider} has given its consent."), StringComparison.Ordinal)
            .Replace("{{detail}}", Encoded(problem?.Detail ?? next), StringComparison.Ordinal)
            .Replace("{{result}}", Encoded(problem is null ? result.Text : ""), StringComparison.Ordinal)
            .Replace("{{confirm}}", Encoded($"{httpContext.Request.Scheme}://{httpContext.Request.Host}{ApiAddress.Of(httpContext.Request, isMany ? "connections/offer" : "connections/confirm")}"), StringComparison.Ordinal)
            .Replace("{{pending}}", problem is null ? "" : "hidden", StringComparison.Ordinal);
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
    }

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);

    private static string Template()
    {
        using var reader = new StreamReader(typeof(CallbackPage).Assembly.GetManifestResourceStream("callback.html")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
