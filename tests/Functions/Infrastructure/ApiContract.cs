using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace DataHealth.Functions.Tests.Infrastructure;

/// <summary>openapi.yaml as a judge of answers.</summary>
public sealed class ApiContract
{
    private static readonly Lazy<ApiContract> Read = new(() => new ApiContract());

    private ApiContract()
    {
        var settings = new OpenApiReaderSettings();
        settings.AddYamlReader();
        using var yaml = new MemoryStream();
        using (var resource = typeof(DataHealth.Functions.Composition.DataHealthApplication).Assembly.GetManifestResourceStream("openapi.yaml")!)
            resource.CopyTo(yaml);
        yaml.Position = 0;
        var read = OpenApiDocument.Load(yaml, "yaml", settings);
        Errors = [.. read.Diagnostic?.Errors.Select(error => $"{error.Pointer}: {error.Message}") ?? []];
        Document = read.Document ?? throw new InvalidOperationException(string.Join('\n', Errors));
        Operations = [.. from path in Document.Paths
                         from operation in path.Value.Operations ?? []
                         select new Operation(path.Key, operation.Key.Method.ToUpperInvariant(), operation.Value, Template(path.Key))];
    }

    public static ApiContract Instance => Read.Value;

    public OpenApiDocument Document { get; }

    public IReadOnlyList<string> Errors { get; }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The operation at an address below the API's prefix; literal addresses before templates.</summary>
    public Operation? Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Pattern.IsMatch(path))
        .OrderBy(operation => operation.Path.Count(letter => letter == '{'))
        .FirstOrDefault();

    private static Regex Template(string path) => new("^" + Regex.Replace(Regex.Escape(path), @"\\\{[^}]+}", "[^/]+") + "$");

    public sealed record Operation(string Path, string Method, OpenApiOperation Definition, Regex Pattern);
}

/// <summary>Holds every answer of the API against the contract, and keeps it.</summary>
public sealed class ContractHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    public System.Collections.Concurrent.ConcurrentQueue<string> Bodies { get; } = new();

    public System.Collections.Concurrent.ConcurrentDictionary<string, int> Judged { get; } = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        Bodies.Enqueue($"{answer.Headers}{body}");
        var path = request.RequestUri!.AbsolutePath["/api".Length..];
        if (ApiContract.Instance.Find(request.Method.Method, path) is { } operation)
        {
            Judged.AddOrUpdate($"{operation.Method} {operation.Path} {(int)answer.StatusCode}", 1, (_, count) => count + 1);
            Judge(operation, answer, body);
        }
        return answer;
    }

    private static void Judge(ApiContract.Operation operation, HttpResponseMessage answer, string body)
    {
        var where = $"{operation.Method} {operation.Path} answered {(int)answer.StatusCode}";
        var responses = operation.Definition.Responses!;
        var expected = responses.TryGetValue($"{(int)answer.StatusCode}", out var exact) ? exact : responses["default"];
        answer.Headers.Contains("x-request-id").ShouldBeTrue($"{where} without x-request-id");
        if (expected.Content is not { Count: > 0 } contents)
            return;
        var type = answer.Content.Headers.ContentType?.MediaType ?? "none";
        contents.TryGetValue(type, out var content).ShouldBeTrue($"{where} with {type}, which the contract does not have: {body}");
        if (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal))
            SchemaCheck.Faults(content!.Schema!, JsonElement.Parse(body), "$").ShouldBeEmpty($"{where}: {body}");
    }
}

/// <summary>The part of JSON Schema that our contract uses.</summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Faults(IOpenApiSchema schema, JsonElement value, string at)
    {
        if (schema.Type is { } type && !Fits(type, value))
            return [$"{at} is {value.ValueKind}, not {type}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => Object(schema, value, at),
            JsonValueKind.Array when schema.Items is { } items => value.EnumerateArray().SelectMany((item, index) => Faults(items, item, $"{at}[{index}]")),
            JsonValueKind.String => String(schema, value.GetString()!, at),
            JsonValueKind.Number => schema.Minimum is { } minimum && value.GetDecimal() < decimal.Parse(minimum, System.Globalization.CultureInfo.InvariantCulture)
                ? [$"{at} is below {minimum}"]
                : [],
            _ => [],
        };
    }

    private static bool Fits(JsonSchemaType type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => type.HasFlag(JsonSchemaType.Object),
        JsonValueKind.Array => type.HasFlag(JsonSchemaType.Array),
        JsonValueKind.String => type.HasFlag(JsonSchemaType.String),
        JsonValueKind.Number => type.HasFlag(JsonSchemaType.Number) || (type.HasFlag(JsonSchemaType.Integer) && value.TryGetInt64(out _)),
        JsonValueKind.True or JsonValueKind.False => type.HasFlag(JsonSchemaType.Boolean),
        _ => type.HasFlag(JsonSchemaType.Null),
    };

    private static IEnumerable<string> Object(IOpenApiSchema schema, JsonElement value, string at)
    {
        foreach (var missing in (schema.Required ?? new HashSet<string>()).Where(name => !value.TryGetProperty(name, out _)))
            yield return $"{at}.{missing} is missing";
        foreach (var property in value.EnumerateObject())
        {
            var place = $"{at}.{property.Name}";
            if (schema.Properties?.TryGetValue(property.Name, out var known) == true)
            {
                foreach (var fault in Faults(known, property.Value, place))
                    yield return fault;
            }
            else if (schema.AdditionalProperties is { } others)
            {
                foreach (var fault in Faults(others, property.Value, place))
                    yield return fault;
            }
            else if (!schema.AdditionalPropertiesAllowed)
            {
                yield return $"{place} is not in the contract";
            }
        }
    }

    private static IEnumerable<string> String(IOpenApiSchema schema, string value, string at)
    {
        if (schema.Enum is { Count: > 0 } words && words.All(word => word?.ToString() != value))
            yield return $"{at} is '{value}', which is not one of its words";
        if (schema.Pattern is { } pattern && !Regex.IsMatch(value, pattern))
            yield return $"{at} is '{value}', which does not match {pattern}";
        if (schema.Format == "date-time" && !(DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var time) && time.Offset == TimeSpan.Zero && value.Contains('T')))
            yield return $"{at} is '{value}', which is not a time in UTC";
    }
}
