using System.Net;
using System.Text;

namespace DataHealth.Core.Tests.Providers.Xero;

/// <summary>Answers as Xero would, one canned exchange after another, and keeps what was asked.</summary>
internal sealed class CannedXero : HttpMessageHandler
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _answers = new();

    public List<(HttpMethod Method, Uri Address, string? Authorization, string? Tenant, string? Since, string Body)> Asked { get; } = [];

    public CannedXero Then(Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public CannedXero Then(int status, string body, string type = "application/json", params (string Name, string Value)[] headers) => Then(Encoding.UTF8.GetBytes(body), status, type, headers);

    public CannedXero Then(byte[] body, int status = 200, string type = "application/json", params (string Name, string Value)[] headers) =>
        Then(_ =>
        {
            var answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            answer.Headers.Add("Xero-Correlation-Id", "c0ffee00-1111-4222-8333-444455556666");
            foreach (var (name, value) in headers)
                if (!answer.Headers.TryAddWithoutValidation(name, value))
                    answer.Content.Headers.TryAddWithoutValidation(name, value);
            return answer;
        });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add((request.Method, request.RequestUri!, request.Headers.Authorization?.ToString(),
            request.Headers.TryGetValues("xero-tenant-id", out var tenant) ? tenant.Single() : null,
            request.Headers.TryGetValues("If-Modified-Since", out var since) ? since.Single() : null,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
        return _answers.TryDequeue(out var answer) ? answer(request) : throw new InvalidOperationException($"Nobody expected {request.Method} {request.RequestUri}.");
    }
}
