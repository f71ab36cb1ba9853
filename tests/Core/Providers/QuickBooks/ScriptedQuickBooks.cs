using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Web;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

/// <summary>One company at QuickBooks in memory, behind HTTP: queries by row number over live data, changes with deleted stubs, and whatever a test answers instead.</summary>
internal sealed partial class ScriptedQuickBooks : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, (DateTimeOffset Updated, bool IsDeleted)>> _entities = [];

    /// <summary>Its clock.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);

    /// <summary>Ids sorted as numbers; else as texts.</summary>
    public bool SortsAsNumbers { get; set; } = true;

    /// <summary>Pages say how many records there are in all.</summary>
    public bool TellsTotal { get; set; } = true;

    /// <summary>Answers in place of the company, or edits it first and gives null.</summary>
    public Func<Uri, HttpResponseMessage?>? Before { get; set; }

    public List<string> Asked { get; } = [];

    public List<string> Tokens { get; } = [];

    public IEnumerable<string> Queries => Asked.Where(path => path.Contains("/query?", StringComparison.Ordinal)).Select(path => HttpUtility.ParseQueryString(new Uri("http://x" + path).Query)["query"]!);

    public void Put(string entity, params string[] ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
                Of(entity)[id] = (Now, false);
        }
    }

    public void Delete(string entity, string id)
    {
        lock (_lock)
            Of(entity)[id] = (Now, true);
    }

    public IReadOnlyList<string> Live(string entity)
    {
        lock (_lock)
            return [.. Sorted(entity).Where(record => !record.IsDeleted).Select(record => record.Id)];
    }

    public static HttpResponseMessage Answer(int status, string body, string type = "application/json", params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, type) };
        answer.Headers.Add("intuit_tid", "1-5f-tid");
        foreach (var (name, value) in headers)
            answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Method.ShouldBe(HttpMethod.Get, "nothing but reading");
        lock (_lock)
        {
            Asked.Add(request.RequestUri!.PathAndQuery);
            Tokens.Add(request.Headers.Authorization!.Parameter!);
        }

        if (Before?.Invoke(request.RequestUri!) is { } instead)
            return Task.FromResult(instead);
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        lock (_lock)
        {
            Now += TimeSpan.FromSeconds(1);
            return Task.FromResult(Answer(200, request.RequestUri.AbsolutePath.EndsWith("/cdc", StringComparison.Ordinal) ? Changes(query["entities"]!, query["changedSince"]!) : Rows(query["query"]!)));
        }
    }

    private string Rows(string statement)
    {
        var match = Statement().Match(statement);
        match.Success.ShouldBeTrue(statement);
        var entity = match.Groups["entity"].Value;
        var since = match.Groups["since"].Success ? DateTimeOffset.Parse(match.Groups["since"].Value, CultureInfo.InvariantCulture) : DateTimeOffset.MinValue;
        var rows = Sorted(entity).Where(record => !record.IsDeleted && record.Updated >= since).ToList();
        if (match.Groups["count"].Success)
            return $$"""{"QueryResponse":{"totalCount":{{rows.Count}}},"time":"{{Now:O}}"}""";
        var start = int.Parse(match.Groups["start"].Value, CultureInfo.InvariantCulture);
        var page = rows.Skip(start - 1).Take(int.Parse(match.Groups["max"].Value, CultureInfo.InvariantCulture)).ToList();
        var total = TellsTotal ? $",\"totalCount\":{rows.Count}" : "";
        var records = string.Join(',', page.Select(record => Json(record.Id, record.Updated)));
        return page.Count == 0
            ? $$"""{"QueryResponse":{},"time":"{{Now:O}}"}"""
            : $$"""{"QueryResponse":{"{{entity}}":[{{records}}],"startPosition":{{start}},"maxResults":{{page.Count}}{{total}}},"time":"{{Now:O}}"}""";
    }

    private string Changes(string entities, string changedSince)
    {
        var since = DateTimeOffset.Parse(changedSince, CultureInfo.InvariantCulture);
        var parts = entities.Split(',').Select(entity =>
        {
            var changed = Sorted(entity).Where(record => record.Updated >= since).ToList();
            var records = string.Join(',', changed.Select(record => record.IsDeleted ? Stub(record.Id, record.Updated) : Json(record.Id, record.Updated)));
            return changed.Count == 0 ? "{}" : $$"""{"{{entity}}":[{{records}}]}""";
        });
        return $$"""{"CDCResponse":[{"QueryResponse":[{{string.Join(',', parts)}}]}],"time":"{{Now:O}}"}""";
    }

    private IEnumerable<(string Id, DateTimeOffset Updated, bool IsDeleted)> Sorted(string entity)
    {
        var records = Of(entity).Select(record => (Id: record.Key, record.Value.Updated, record.Value.IsDeleted));
        return SortsAsNumbers ? records.OrderBy(record => long.Parse(record.Id, CultureInfo.InvariantCulture)) : records.OrderBy(record => record.Id, StringComparer.Ordinal);
    }

    private Dictionary<string, (DateTimeOffset Updated, bool IsDeleted)> Of(string entity) => _entities.TryGetValue(entity, out var held) ? held : _entities[entity] = [];

    private static string Stub(string id, DateTimeOffset updated) => $$$"""{"domain":"QBO","status":"Deleted","Id":"{{{id}}}","MetaData":{"LastUpdatedTime":"{{{updated:O}}}"}}""";

    private static string Json(string id, DateTimeOffset updated) => $$$"""{"Id":"{{{id}}}","SyncToken":"0","MetaData":{"LastUpdatedTime":"{{{updated:O}}}"}}""";

    [GeneratedRegex(@"^SELECT (?:\*|(?<count>COUNT\(\*\))) FROM (?<entity>\w+)(?: WHERE (?:Active IN \(true,false\))?(?: AND )?(?:MetaData\.LastUpdatedTime >= '(?<since>[^']+)')?)?(?: ORDERBY Id STARTPOSITION (?<start>\d+) MAXRESULTS (?<max>\d+))?$")]
    private static partial Regex Statement();
}
