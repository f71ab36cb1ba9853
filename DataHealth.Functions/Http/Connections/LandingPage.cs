using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace DataHealth.Functions.Http.Connections;

/// <summary>A page for a browser that comes from a provider without a consent: words, and the way to the front end where there is one. It reads nothing and changes nothing.</summary>
internal sealed class LandingPage(string title, string detail, Uri? frontEnd) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var html = Template()
            .Replace("{{nonce}}", nonce, StringComparison.Ordinal)
            .Replace("{{title}}", HtmlEncoder.Default.Encode(title), StringComparison.Ordinal)
            .Replace("{{detail}}", HtmlEncoder.Default.Encode(detail), StringComparison.Ordinal)
            .Replace("{{link}}", frontEnd is null ? "" : $"<p><a href=\"{HtmlEncoder.Default.Encode(frontEnd.AbsoluteUri)}\">Open Data Health</a></p>", StringComparison.Ordinal);
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        return response.WriteAsync(html, Encoding.UTF8, httpContext.RequestAborted);
    }

    private static string Template()
    {
        using var reader = new StreamReader(typeof(LandingPage).Assembly.GetManifestResourceStream("landing.html")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
