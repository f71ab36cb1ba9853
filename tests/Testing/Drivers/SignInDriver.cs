using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DataHealth.Testing.Drivers;

/// <summary>The sandbox's sign-in provider, and how people come into a practice, over HTTP only.</summary>
public sealed class SignInDriver(Uri address) : IDisposable
{
    /// <summary>The first person of our support, as the tests configure it: Sam Keene.</summary>
    public const string SupportEmail = "sam@datahealth.example";

    private const int Minutes = 24 * 60;
    private readonly HttpClient _provider = new() { BaseAddress = address };

    /// <summary>An access token of a ready-made person, or of a new one by that name.</summary>
    public Task<string> TokenAsync(string person, CancellationToken cancellationToken) => TokenAsync(
        ReadyMade.Contains(person)
            ? new { person, minutes = Minutes }
            : new { subject = person, name = person, email = EmailOf(person), minutes = Minutes },
        cancellationToken);

    /// <summary>An access token as a control call describes it, wrong ones too.</summary>
    public async Task<string> TokenAsync(object request, CancellationToken cancellationToken)
    {
        using var answer = await _provider.PostAsJsonAsync("sandbox/tokens", request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? PracticeDriver.Text(JsonElement.Parse(text), "access_token") : throw new InvalidOperationException($"No token: {text}");
    }

    /// <summary>The provider signs with a new key from now on.</summary>
    public async Task RollKeysAsync(bool forget, CancellationToken cancellationToken) =>
        (await _provider.PostAsync($"sandbox/keys/roll?forget={forget}", null, cancellationToken)).EnsureSuccessStatusCode().Dispose();

    /// <summary>Our support makes a practice, its first admin accepts; the client speaks as that admin from then on. Gives the practice's id.</summary>
    public async Task<string> FoundAsync(HttpClient api, string practice, string admin, CancellationToken cancellationToken)
    {
        var made = await SendAsync(api, HttpMethod.Post, "practices", await TokenAsync("sam", cancellationToken), new { name = practice, adminEmail = EmailOf(admin), adminName = NameOf(admin) }, cancellationToken);
        var token = await TokenAsync(admin, cancellationToken);
        await SendAsync(api, HttpMethod.Post, "invitations/accept", token, new { code = PracticeDriver.Text(made.GetProperty("invitation"), "code") }, cancellationToken);
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return PracticeDriver.Text(made.GetProperty("practice"), "id");
    }

    /// <summary>An admin invites a person, who accepts. Gives the member's id and token.</summary>
    public async Task<(string Id, string Token)> JoinAsync(HttpClient admin, string person, string role, string[] privileges, CancellationToken cancellationToken)
    {
        var invited = await SendAsync(admin, HttpMethod.Post, "members", null, new { email = EmailOf(person), name = NameOf(person), role, privileges }, cancellationToken);
        var token = await TokenAsync(person, cancellationToken);
        var member = await SendAsync(admin, HttpMethod.Post, "invitations/accept", token, new { code = PracticeDriver.Text(invited, "code") }, cancellationToken);
        return (PracticeDriver.Text(member, "id"), token);
    }

    /// <summary>The address of a person.</summary>
    public static string EmailOf(string person) => person switch
    {
        "mara" or "jon" or "suki" or "pia" => $"{person}@birch.example",
        "otto" or "nell" => $"{person}@northgate.example",
        "sam" => SupportEmail,
        "nora" or "vic" => $"{person}@new.example",
        _ => $"{person}@people.example",
    };

    /// <inheritdoc />
    public void Dispose() => _provider.Dispose();

    private static readonly string[] ReadyMade = ["mara", "jon", "suki", "pia", "otto", "nell", "sam", "nora", "vic"];

    private static string NameOf(string person) => person == "mara" ? "Mara Lindt" : person;

    private static async Task<JsonElement> SendAsync(HttpClient api, HttpMethod method, string path, string? token, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await api.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
    }
}
