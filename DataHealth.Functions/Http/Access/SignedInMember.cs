using System.Collections.Frozen;
using System.Reflection;
using System.Security.Claims;
using DataHealth.Core;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Pipeline;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Access;

/// <summary>
/// Says for each request who asks, by the bearer token that ASP.NET Core's own handler has checked. Denies by default: a function without an attribute of its own
/// needs an active member of a practice.
/// </summary>
public sealed class SignedInMember(KnownActors actors, IOptions<AuthOptions> options, IOptions<RateLimitOptions> limits) : IFunctionsWorkerMiddleware, IDisposable
{
    /// <summary>Names the practice for whom one request is made, by people of several practices and by our support.</summary>
    public const string PracticeHeader = "x-practice";

    private const int MostName = 200;
    private readonly RequestBuckets _buckets = new(limits.Value.PerMember);
    private readonly FrozenSet<string> _open = NamesWith<OpenToAllAttribute>();
    private readonly FrozenSet<string> _anyPerson = NamesWith<ForAnyPersonAttribute>();

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http || _open.Contains(context.FunctionDefinition.Name))
        {
            await next(context);
            return;
        }
        if (await AdmitAsync(context, http) is { } problem)
            context.GetInvocationResult().Value = problem;
        else
            await next(context);
    }

    public void Dispose() => _buckets.Dispose();

    private async Task<Problem?> AdmitAsync(FunctionContext context, HttpContext http)
    {
        var ticket = await http.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
        if (!ticket.Succeeded || PersonOf(ticket.Principal) is not { } person)
        {
            // The handler's own challenge would begin the answer; this says the same (RFC 6750) and leaves the body to the problem.
            http.Response.Headers.WWWAuthenticate = ticket.None ? "Bearer" : "Bearer error=\"invalid_token\"";
            return Problems.NotSignedIn;
        }
        if (_buckets.Take(person.Key) is { } wait)
            return Problems.TooManyRequests(wait);
        var current = context.InstanceServices.GetRequiredService<CurrentMember>();
        current.Person = person;
        if (_anyPerson.Contains(context.FunctionDefinition.Name))
            return null;
        if (Chosen(http, out var practice) is { } wrong)
            return wrong;
        switch (await actors.FindAsync(person, practice, context.CancellationToken))
        {
            case ActorOutcome.Found found:
                current.Actor = found.Actor with { RequestId = http.TraceIdentifier };
                return null;
            case ActorOutcome.Suspended:
                return Problems.Suspended;
            case ActorOutcome.NotOpen:
                return Problems.PracticeNotOpen;
            case ActorOutcome.Several several:
                return Problems.ChoosePractice(several.Practices);
            default:
                return Problems.NotAMember;
        }
    }

    private static Problem? Chosen(HttpContext http, out PracticeId? practice)
    {
        practice = null;
        var given = http.Request.Headers[PracticeHeader];
        if (given.Count == 0)
            return null;
        if (given.Count > 1 || !Practice.IsWellFormed(given[0]))
            return Problems.BadField(PracticeHeader, "the id of one practice, as GET me lists them.");
        practice = new PracticeId(given[0]!);
        return null;
    }

    private SignedInPerson? PersonOf(ClaimsPrincipal principal)
    {
        if (principal.FindFirst("sub") is not { Value.Length: > 0, Issuer: { Length: > 0 } issuer } subject)
            return null;
        var email = principal.FindFirst("email")?.Value;
        var name = principal.FindFirst("name")?.Value ?? email ?? "";
        var isVerified = options.Value.TrustEmail || string.Equals(principal.FindFirst("email_verified")?.Value, "true", StringComparison.OrdinalIgnoreCase);
        return new SignedInPerson(issuer, subject.Value, name.Length > MostName ? name[..MostName] : name, email, email is not null && isVerified);
    }

    private static FrozenSet<string> NamesWith<T>()
        where T : Attribute => typeof(SignedInMember).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
        .Where(method => method.IsDefined(typeof(T)))
        .Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name)
        .ToFrozenSet(StringComparer.Ordinal);
}
