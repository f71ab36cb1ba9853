using System.Collections.Concurrent;
using System.Text;
using DataHealth.Core.Providers;
using Microsoft.Extensions.Time.Testing;

namespace DataHealth.Core.Tests.Sync;

/// <summary>A provider in memory: records that are edited, made, deleted by status and deleted without a trace, before, between and while pages are read.</summary>
internal sealed class ScriptedBooks(FakeTimeProvider clock) : IAccountingProvider, IBooksReader
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<string, Item>> _datasets = [];

    public int PageSize { get; set; } = 10;

    /// <summary>Runs before each call, outside the lock: edits the books, or answers in place of them.</summary>
    public Func<Call, PageOutcome?>? Before { get; set; }

    /// <summary>Changes records on their way.</summary>
    public Func<SourceRecord, SourceRecord>? Rewrite { get; set; }

    public ConcurrentQueue<Call> Calls { get; } = [];

    public string Key => "scripted";

    public string Name => "Scripted";

    public bool IsConfigured => true;

    public List<Dataset> All { get; } = [];

    public IReadOnlyList<Dataset> Datasets => All;

    public IReadOnlySet<Capability> Capabilities { get; } = new HashSet<Capability>();

    public int MaxConcurrentCalls => 5;

    public IProviderAuthorization Authorization => throw new NotSupportedException();

    public IBooksReader Books => this;

    /// <summary>What its records mean; null: nobody asks.</summary>
    public DataHealth.Core.Ledger.ILedgerMapping? Mapping { get; set; }

    public DataHealth.Core.Ledger.ILedgerMapping Ledger => Mapping ?? throw new NotSupportedException();

    public LimitHeadroom Headroom { get; set; } = new(5000, 5000, 60, null, null);

    public ScriptedBooks With(string name, Func<ScriptedDataset, ScriptedDataset>? change = null)
    {
        var dataset = new ScriptedDataset(name, name) { IsPaged = true, IsIncremental = true, IsCountable = true };
        All.Add(change?.Invoke(dataset) ?? dataset);
        _datasets[name] = new(StringComparer.Ordinal);
        return this;
    }

    public void Without(string name) => All.RemoveAll(dataset => dataset.Name == name);

    public void Put(string dataset, string id, string content, bool isDeleted = false, bool isSilent = false)
    {
        lock (_gate)
        {
            var held = _datasets[dataset].GetValueOrDefault(id);
            _datasets[dataset][id] = new Item(content, isSilent && held is not null ? held.UpdatedAt : Tick(), isDeleted);
        }
    }

    public void Remove(string dataset, string id)
    {
        lock (_gate)
            _datasets[dataset].Remove(id);
    }

    public IReadOnlyList<string> Ids(string dataset)
    {
        lock (_gate)
            return [.. _datasets[dataset].Keys];
    }

    /// <summary>What a true copy holds: id, content, deleted by status.</summary>
    public Dictionary<string, (string Content, bool IsDeleted)> Truth(string dataset)
    {
        lock (_gate)
            return _datasets[dataset].ToDictionary(item => item.Key, item => (item.Value.Content, item.Value.IsDeleted));
    }

    public Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken)
    {
        var call = new Call(dataset.Name, request.Page, request.ModifiedSince, request.Priority, false);
        Calls.Enqueue(call);
        if (Before?.Invoke(call) is { } instead)
            return Task.FromResult(instead);
        lock (_gate)
        {
            var query = _datasets[dataset.Name].Where(item => request.ModifiedSince is null || item.Value.UpdatedAt >= request.ModifiedSince).ToList();
            var size = dataset.IsPaged ? PageSize : int.MaxValue;
            var records = query.Skip((request.Page - 1) * size).Take(size)
                .Select(item => new SourceRecord(item.Key, item.Value.UpdatedAt, item.Value.IsDeleted, Encoding.UTF8.GetBytes(item.Value.Content)))
                .Select(record => Rewrite?.Invoke(record) ?? record).ToList();
            int? next = dataset.IsPaged && request.Page * size < query.Count ? request.Page + 1 : null;
            return Task.FromResult<PageOutcome>(new PageOutcome.Page(records, next, dataset.IsPaged ? query.Count : null, Tick()) { Cost = new CallCost(1, 100), CorrelationId = "corr" });
        }
    }

    public Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken)
    {
        var call = new Call(dataset.Name, 0, null, priority, true);
        Calls.Enqueue(call);
        if (Before?.Invoke(call) is { } instead)
            return Task.FromResult(instead);
        lock (_gate)
            return Task.FromResult<PageOutcome>(new PageOutcome.Page([], null, _datasets[dataset.Name].Count, Tick()) { Cost = new CallCost(1, 10) });
    }

    public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => Task.FromResult(Headroom);

    private DateTimeOffset Tick()
    {
        clock.Advance(TimeSpan.FromSeconds(2));
        return clock.GetUtcNow();
    }

    internal sealed record ScriptedDataset(string Name, string Title) : Dataset(Name, Title);

    internal sealed record Call(string Dataset, int Page, DateTimeOffset? Since, CallPriority Priority, bool IsCount);

    private sealed record Item(string Content, DateTimeOffset UpdatedAt, bool IsDeleted);
}
