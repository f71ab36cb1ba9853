using DataHealth.Local.Sandbox.World;

namespace DataHealth.Local.Sandbox.Calls;

/// <summary>One call that a provider path received.</summary>
/// <param name="Number">Counts up from 1.</param>
/// <param name="AtUtc">By the sandbox's clock, when it came in.</param>
/// <param name="Api">identity, connections, accounting or assets.</param>
/// <param name="Endpoint">Invoices, Reports/TrialBalance, token, connections…</param>
/// <param name="ClientId">The app.</param>
/// <param name="PersonId">Whose token it was.</param>
/// <param name="TenantId">The organisation, once it was let through to one.</param>
/// <param name="Method">GET…</param>
/// <param name="Path">As it came.</param>
/// <param name="Query">The query without anything secret.</param>
/// <param name="GrantType">Of a token call.</param>
/// <param name="IfModifiedSince">The header.</param>
/// <param name="Status">0 when the connection was dropped without an answer.</param>
/// <param name="Bytes">Of the body, as sent.</param>
/// <param name="Milliseconds">Until the answer was sent.</param>
/// <param name="InFlight">Calls of this app to this tenant in flight, itself included.</param>
/// <param name="Fault">The kind of the fault that it met.</param>
public sealed record CallEntry(
    long Number, DateTime AtUtc, string Api, string Endpoint, string? ClientId, Guid? PersonId, TenantKey? TenantId, string Method, string Path, string Query, string? GrantType,
    string? IfModifiedSince, int Status, long Bytes, double Milliseconds, int InFlight, string? Fault)
{
    private static readonly string[] TraceHeaders = ["traceparent", "tracestate", "baggage", "Request-Id", "Correlation-Context"];

    /// <summary>It came with a header by which somebody's traces could be told.</summary>
    public bool IsTraced { get; init; }

    internal static bool HasTrace(IHeaderDictionary headers) => TraceHeaders.Any(headers.ContainsKey);
}

/// <summary>What to show of the log.</summary>
public sealed record CallFilter(
    TenantKey? Tenant = null, string? Client = null, string? Api = null, string? Endpoint = null, string? Method = null, int? Status = null, long After = 0, DateTime? From = null, DateTime? To = null)
{
    public bool Takes(CallEntry call) =>
        call.Number > After
        && (Tenant is null || call.TenantId == Tenant)
        && (Client is null || call.ClientId == Client)
        && (Api is null || call.Api.Equals(Api, StringComparison.OrdinalIgnoreCase))
        && (Endpoint is null || call.Endpoint.Equals(Endpoint, StringComparison.OrdinalIgnoreCase))
        && (Method is null || call.Method.Equals(Method, StringComparison.OrdinalIgnoreCase))
        && (Status is null || call.Status == Status)
        && (From is null || call.AtUtc >= From)
        && (To is null || call.AtUtc < To);
}

/// <summary>The last calls received, oldest first.</summary>
public sealed class CallLog
{
    private const int Kept = 200_000;
    private readonly Lock _gate = new();
    private readonly Queue<CallEntry> _calls = new();
    private long _number;

    internal void Add(CallEntry call)
    {
        lock (_gate)
        {
            _calls.Enqueue(call with { Number = ++_number });
            if (_calls.Count > Kept)
                _calls.Dequeue();
        }
    }

    public IReadOnlyList<CallEntry> Find(CallFilter filter)
    {
        lock (_gate)
            return [.. _calls.Where(filter.Takes)];
    }

    public void Clear()
    {
        lock (_gate)
            _calls.Clear();
    }
}
