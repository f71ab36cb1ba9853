using System.Collections.Immutable;
using System.Reflection;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Local.Runtime.Invocation;

internal sealed class LocalFunctionDefinition(FunctionEntry function) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. function.Parameters.Select(parameter =>
            new FunctionParameter(parameter.Name ?? "", parameter.ParameterType, parameter.HasDefaultValue, parameter.HasDefaultValue ? parameter.DefaultValue : null))];

    public override string PathToAssembly { get; } = function.Method.Module.Assembly.Location;

    public override string EntryPoint { get; } = $"{function.Method.DeclaringType?.FullName}.{function.Method.Name}";

    public override string Id { get; } = function.Name;

    public override string Name { get; } = function.Name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = Inputs(function);

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = function.Kind is FunctionKind.Http
        ? ImmutableDictionary<string, BindingMetadata>.Empty.Add("$return", new Binding("$return", "http", BindingDirection.Out))
        : ImmutableDictionary<string, BindingMetadata>.Empty;

    private static ImmutableDictionary<string, BindingMetadata> Inputs(FunctionEntry function)
    {
        var trigger = new Binding(function.TriggerParameter.Name ?? "", TypeOf(function.Kind), BindingDirection.In);
        var clients = function.Parameters.Where(parameter => parameter.IsDefined(typeof(DurableClientAttribute)))
            .Select(parameter => new Binding(parameter.Name ?? "", "durableClient", BindingDirection.In));
        return clients.Prepend(trigger).ToImmutableDictionary(binding => binding.Name, BindingMetadata (binding) => binding);
    }

    private static string TypeOf(FunctionKind kind) => kind switch
    {
        FunctionKind.Http => "httpTrigger",
        FunctionKind.Timer => "timerTrigger",
        FunctionKind.Orchestrator => "orchestrationTrigger",
        _ => "activityTrigger",
    };

    private sealed class Binding(string name, string type, BindingDirection direction) : BindingMetadata
    {
        public override string Name => name;

        public override string Type => type;

        public override BindingDirection Direction => direction;
    }
}
