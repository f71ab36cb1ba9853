using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DataHealth.Cli;

/// <summary>The API over HTTP. A refusal becomes its own words.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), Timeout = TimeSpan.FromSeconds(100) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public Task<JsonElement> DeleteAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var answer = await _http.SendAsync(request, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new CommandFailedException(Words((int)answer.StatusCode, text));
            }
            catch (HttpRequestException away)
            {
                throw new CommandFailedException($"{_http.BaseAddress} cannot be reached: {away.Message}");
            }
            catch (JsonException)
            {
                throw new CommandFailedException($"{_http.BaseAddress} did not answer with JSON. Is it the address of the API?");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new CommandFailedException($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:0} seconds.");
            }
        }
    }

    private static string Words(int status, string text)
    {
        try
        {
            var problem = JsonElement.Parse(text);
            return $"{problem.GetProperty("title").GetString()} {problem.GetProperty("detail").GetString()} (HTTP {status}, request {problem.GetProperty("requestId").GetString()})";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"It answered {status} and not as the API does. Is it the address of the API?";
        }
    }
}
