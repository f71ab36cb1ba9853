using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Local.Runtime.Discovery;

/// <summary>The route templates of HTTP functions, and what is wrong with them together.</summary>
internal static class HttpRoutes
{
    public static string Template(FunctionEntry function, string prefix) =>
        string.Join('/', new[] { prefix.Trim('/'), (((HttpTriggerAttribute)function.Trigger).Route ?? function.Name).Trim('/') }.Where(part => part.Length > 0));

    /// <summary>The methods it answers in capitals; none means all.</summary>
    public static IReadOnlyList<string> Methods(FunctionEntry function) =>
        [.. (((HttpTriggerAttribute)function.Trigger).Methods ?? []).Select(method => method.ToUpperInvariant()).Distinct()];

    public static IEnumerable<string> Errors(IEnumerable<FunctionEntry> functions, string prefix)
    {
        var taken = new List<(string Shape, IReadOnlyList<string> Methods, FunctionEntry Function)>();
        foreach (var function in functions.Where(function => function.Kind is FunctionKind.Http))
        {
            var template = Template(function, prefix);
            var (pattern, error) = Parse(template);
            if (pattern is null)
            {
                yield return $"Function '{function.Name}' ({function.Place}): the route '{template}' is not a route template: {error}";
                continue;
            }
            if (pattern.PathSegments is [{ Parts: [RoutePatternLiteralPart first] }, ..] && IsReserved(first.Content))
                yield return $"Function '{function.Name}' ({function.Place}): the route '{template}' is the host's own; 'admin' and 'runtime' cannot come first.";
            var (shape, methods) = (Shape(pattern), Methods(function));
            foreach (var other in taken.Where(other => other.Shape == shape && Overlap(other.Methods, methods)))
            {
                yield return $"Function '{function.Name}' ({function.Place}): the route '{template}' is already answered, for the same method, "
                    + $"by '{other.Function.Name}' ({other.Function.Place}).";
            }
            taken.Add((shape, methods, function));
        }
    }

    private static bool IsReserved(string segment) =>
        string.Equals(segment, "admin", StringComparison.OrdinalIgnoreCase) || string.Equals(segment, "runtime", StringComparison.OrdinalIgnoreCase);

    private static bool Overlap(IReadOnlyList<string> one, IReadOnlyList<string> other) => one.Count == 0 || other.Count == 0 || one.Intersect(other).Any();

    private static (RoutePattern? Pattern, string Error) Parse(string template)
    {
        try
        {
            return (RoutePatternFactory.Parse(template), "");
        }
        catch (RoutePatternException wrong)
        {
            return (null, wrong.Message);
        }
    }

    // The template without the names of its parameters: two that differ in names alone match the same addresses.
    private static string Shape(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content.ToUpperInvariant(),
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter =>
            $"{{{(parameter.IsCatchAll ? "*" : "")}{string.Concat(parameter.ParameterPolicies.Select(policy => ":" + policy.Content))}{(parameter.IsOptional ? "?" : "")}}}",
        _ => "",
    }))));
}
