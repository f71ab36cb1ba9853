using System.Collections;
using System.Collections.Immutable;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Local.Runtime.Invocation;

/// <summary>What one invocation knows of itself.</summary>
internal sealed class LocalFunctionContext : FunctionContext
{
    /// <summary>The key under which the request travels in <see cref="Items"/>, as in the worker.</summary>
    internal const string HttpContextItem = "HttpRequestContext";

    public LocalFunctionContext(FunctionEntry function, object? triggerValue, IServiceProvider services, HttpContext? http, string traceParent, CancellationToken cancellation)
    {
        TraceContext = new LocalTraceContext(traceParent);
        Function = function;
        TriggerValue = triggerValue;
        InstanceServices = services;
        CancellationToken = cancellation;
        FunctionDefinition = new LocalFunctionDefinition(function);
        BindingContext = new LocalBindingContext(http);
        Features.Set<InvocationResult>(new LocalInvocationResult());
        if (http is not null)
            Items[HttpContextItem] = http;
    }

    public FunctionEntry Function { get; }

    public object? TriggerValue { get; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => FunctionDefinition.Id;

    public override TraceContext TraceContext { get; }

    public override BindingContext BindingContext { get; }

    public override RetryContext RetryContext { get; } = new NoRetry();

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition { get; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    public override CancellationToken CancellationToken { get; }

    private sealed class LocalInvocationResult : InvocationResult
    {
        public override object? Value { get; set; }
    }

    private sealed class NoRetry : RetryContext
    {
        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }

    private sealed class LocalTraceContext(string traceParent) : TraceContext
    {
        public override string TraceParent => traceParent;

        public override string TraceState => "";
    }

    private sealed class LocalBindingContext(HttpContext? http) : BindingContext
    {
        // Query values and route values by name, a route value first: what the host sends with the trigger.
        private readonly Lazy<IReadOnlyDictionary<string, object?>> _data = new(() => http is null
            ? ImmutableDictionary<string, object?>.Empty
            : http.Request.Query.Select(query => KeyValuePair.Create(query.Key, (object?)query.Value.ToString()))
                .Concat(http.Request.RouteValues)
                .Where(pair => pair.Value is not null)
                .GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.OrdinalIgnoreCase));

        public override IReadOnlyDictionary<string, object?> BindingData => _data.Value;
    }

    private sealed class InvocationFeatures : IInvocationFeatures
    {
        private readonly Dictionary<Type, object> _features = [];

        public void Set<T>(T instance) => _features[typeof(T)] = instance ?? throw new ArgumentNullException(nameof(instance));

        public T? Get<T>() => _features.TryGetValue(typeof(T), out var feature) ? (T)feature : default;

        public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => _features.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
