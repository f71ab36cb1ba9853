using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>The authorization endpoint: a page that lists the people; pressing one signs in as them.</summary>
internal static class SignInPage
{
    private const string PersonField = "sandbox_person";

    public static IResult Answer(HttpContext http, SignInOptions options)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not an OpenID Connect request.");
        var parameters = http.Request.HasFormContentType ? http.Request.Form.ToList() : [.. http.Request.Query];
        return SignInPeople.Find((string?)request[PersonField]) is { } person
            ? Results.SignIn(PrincipalOf(person, request, options), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : Results.Content(Page(parameters), "text/html; charset=utf-8");
    }

    private static ClaimsPrincipal PrincipalOf(SignInPerson person, OpenIddictRequest request, SignInOptions options)
    {
        var identity = new ClaimsIdentity("sandbox", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Subject)
            .SetClaim(Claims.Name, person.Name)
            .SetClaim(Claims.Email, person.Email)
            .SetClaim(Claims.EmailVerified, person.IsEmailVerified);
        identity.SetScopes(request.GetScopes());
        identity.SetResources(options.Audience);
        identity.SetDestinations(_ => [Destinations.AccessToken, Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }

    private static string Page(IEnumerable<KeyValuePair<string, StringValues>> parameters)
    {
        var html = new StringBuilder("""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox sign-in</title>
            <style>body{font:16px system-ui;margin:3rem auto;max-width:36rem}button{display:block;width:100%;text-align:left;padding:.7rem 1rem;margin:.4rem 0;font:inherit;cursor:pointer}small{color:#555}</style>
            </head><body><h1>Who are you today?</h1><p>A sign-in provider for this machine only: no passwords.</p><form method="get">
            """);
        foreach (var (name, values) in parameters.Where(parameter => parameter.Key != PersonField))
        {
            foreach (var value in values)
                html.Append($"<input type=\"hidden\" name=\"{Encoded(name)}\" value=\"{Encoded(value ?? "")}\">");
        }
        foreach (var person in SignInPeople.All)
            html.Append($"<button name=\"{PersonField}\" value=\"{person.Key}\">{Encoded(person.Name)}<br><small>{Encoded(person.Words)}</small></button>");
        return html.Append("</form></body></html>").ToString();
    }

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(text);
}
