using System.Reflection;
using System.Text.RegularExpressions;
using DataHealth.Local.Runtime.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace DataHealth.Local.Runtime.Discovery;

/// <summary>Finds the functions among an assembly's types and refuses, all at once and by name, what the real host or worker would refuse.</summary>
internal sealed partial class FunctionCatalog : IFunctionCatalog
{
    public FunctionCatalog(IReadOnlyList<Type> candidates, IConfiguration configuration)
    {
        var errors = new List<string>();
        var functions = new List<FunctionEntry>();
        foreach (var method in candidates.SelectMany(type => type.GetMethods(AnyMethod)).Where(method => method.IsDefined(typeof(FunctionAttribute))))
        {
            if (Entry(method, errors) is { } function)
                functions.Add(function);
        }
        var settings = new HostSettings(configuration);
        errors.AddRange(functions.SelectMany(FunctionSignature.Errors));
        errors.AddRange(functions.Where(function => function.Kind is FunctionKind.Timer).SelectMany(function => TimerErrors(function, configuration)));
        errors.AddRange(DuplicateNames(functions));
        errors.AddRange(HttpRoutes.Errors(functions, settings.RoutePrefix));
        if (settings.Storage is null && functions.FirstOrDefault(function => function.Kind is not FunctionKind.Http) is { } kept)
            errors.Add($"Function '{kept.Name}' ({kept.Place}): timers, orchestrators and activities need storage. Set AzureWebJobsStorage.");
        if (errors.Count > 0)
            throw new FunctionAppStartException("The functions cannot be loaded." + string.Concat(errors.Select(error => Environment.NewLine + "  " + error)));
        Functions = functions;
    }

    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public IReadOnlyList<FunctionEntry> Functions { get; }

    private static FunctionEntry? Entry(MethodInfo method, List<string> errors)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var place = $"Function '{name}' ({method.DeclaringType?.Name}.{method.Name})";
        if (!LegalName().IsMatch(name ?? "") || string.Equals(name, "host", StringComparison.OrdinalIgnoreCase))
            errors.Add($"{place}: the name is not allowed. A name starts with a letter, has letters, digits, '-' and '_', at most 128, and is not 'host'.");
        var triggers = method.GetParameters().Where(parameter => parameter.IsDefined(typeof(TriggerBindingAttribute))).ToList();
        if (triggers.Count != 1)
        {
            errors.Add(triggers.Count == 0
                ? $"{place}: no parameter has a trigger attribute."
                : $"{place}: a function has one trigger, this one has {triggers.Count} ({string.Join(", ", triggers.Select(trigger => trigger.Name))}).");
            return null;
        }
        var attribute = triggers[0].GetCustomAttribute<TriggerBindingAttribute>()!;
        FunctionKind? kind = attribute switch
        {
            HttpTriggerAttribute => FunctionKind.Http,
            TimerTriggerAttribute => FunctionKind.Timer,
            OrchestrationTriggerAttribute => FunctionKind.Orchestrator,
            ActivityTriggerAttribute => FunctionKind.Activity,
            _ => null,
        };
        if (kind is null)
            errors.Add($"{place}: the runtime has no trigger '{attribute.GetType().Name}'.");
        return kind is null ? null : new FunctionEntry(name!, kind.Value, method, triggers[0], attribute);
    }

    private static IEnumerable<string> TimerErrors(FunctionEntry function, IConfiguration configuration)
    {
        var error = "";
        try
        {
            Timers.TimerSchedule.Of(function, configuration);
        }
        catch (FormatException wrong)
        {
            error = wrong.Message;
        }
        if (error.Length > 0)
            yield return $"Function '{function.Name}' ({function.Place}): {error}";
    }

    private static IEnumerable<string> DuplicateNames(IEnumerable<FunctionEntry> functions) =>
        from function in functions
        group function.Place by function.Name.ToUpperInvariant() into same
        where same.Count() > 1
        select $"Function '{same.Key}': the name is used by {string.Join(" and ", same)}. Names are unique, whatever their case.";

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex LegalName();
}
