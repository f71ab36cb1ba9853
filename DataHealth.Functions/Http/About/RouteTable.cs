using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Http.About;

/// <summary>Our own HTTP functions by address: which methods an address takes. Read from the triggers themselves.</summary>
public sealed class RouteTable
{
    /// <summary>Every HTTP function but the one that answers the rest.</summary>
    public IReadOnlyList<Entry> Entries { get; } =
    [
        .. from type in typeof(RouteTable).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
           where method.IsDefined(typeof(FunctionAttribute))
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is { Route: { } route, Methods: { Length: > 0 } } && !route.StartsWith("{*", StringComparison.Ordinal)
           from verb in trigger.Methods!
           orderby trigger.Route, verb
           select new Entry(trigger.Route!, verb.ToUpperInvariant(), new TemplateMatcher(TemplateParser.Parse(trigger.Route!), [])),
    ];

    /// <summary>The methods that the address takes, or none when it is not one of ours.</summary>
    public IReadOnlyList<string> MethodsAt(PathString path)
    {
        var matching = Entries.Where(entry => entry.Matcher.TryMatch(path, [])).Select(entry => entry.Method).Distinct().Order(StringComparer.Ordinal);
        return [.. matching];
    }

    /// <summary>One method of one address.</summary>
    public sealed record Entry(string Route, string Method, TemplateMatcher Matcher);
}
