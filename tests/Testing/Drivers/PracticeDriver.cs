using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace DataHealth.Testing.Drivers;

/// <summary>A practice's work in its own words, over HTTP only: our API, and the provider's consent pages as a browser fills them in.</summary>
public sealed partial class PracticeDriver(HttpClient api, string provider = "xero")
{
    /// <summary>Our API.</summary>
    public HttpClient Api { get; } = api;

    /// <summary>Adds a client and gives its id.</summary>
    public async Task<string> AddClientAsync(string name, CancellationToken cancellationToken) =>
        Text(await PostAsync("clients", new { name }, HttpStatusCode.Created, cancellationToken), "id");

    /// <summary>Presses Connect and gives the provider's consent page.</summary>
    public async Task<Uri> PressConnectAsync(string client, CancellationToken cancellationToken) =>
        new(Text(await PostAsync($"clients/{client}/connections/{provider}", null, HttpStatusCode.Created, cancellationToken), "authorizeUrl"));

    /// <summary>Begins one consent for many clients and gives the provider's consent page.</summary>
    public async Task<Uri> PressConnectManyAsync(CancellationToken cancellationToken) =>
        new(Text(await PostAsync("connections/many/xero", null, HttpStatusCode.Created, cancellationToken), "authorizeUrl"));

    /// <summary>Begins to take a client's connection over and gives the provider's consent page.</summary>
    public async Task<Uri> PressTakeOverAsync(string client, CancellationToken cancellationToken) =>
        new(Text(await PostAsync($"clients/{client}/connection/takeover", null, HttpStatusCode.Created, cancellationToken), "authorizeUrl"));

    /// <summary>What a consent for many clients offers; what was dead and is mended by it works again.</summary>
    public Task<JsonElement> OfferAsync(string result, CancellationToken cancellationToken) => PostAsync("connections/offer", new { result }, HttpStatusCode.OK, cancellationToken);

    /// <summary>Matches organisations to clients.</summary>
    public Task<JsonElement> MatchAsync(string result, IEnumerable<object> matches, CancellationToken cancellationToken) =>
        PostAsync("connections/match", new { result, matches }, HttpStatusCode.OK, cancellationToken);

    /// <summary>Signs in at the provider and allows that organisation; gives the address to which the browser is sent back.</summary>
    public static async Task<Uri> AllowAsync(Uri consentPage, string person, string organisation, CancellationToken cancellationToken)
    {
        using var browser = Browser();
        var page = await PageAsync(browser.GetAsync(consentPage, cancellationToken));
        page = await PageAsync(SubmitAsync(browser, consentPage, page, person, "signin", cancellationToken));
        using var sentBack = await SubmitAsync(browser, consentPage, page, organisation, "allow", cancellationToken);
        return sentBack.Headers.Location ?? throw new InvalidOperationException($"The provider did not send the browser back: {await sentBack.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Presses Cancel at the provider; gives the address to which the browser is sent back.</summary>
    public static async Task<Uri> CancelAsync(Uri consentPage, CancellationToken cancellationToken)
    {
        using var browser = Browser();
        var page = await PageAsync(browser.GetAsync(consentPage, cancellationToken));
        using var sentBack = await SubmitAsync(browser, consentPage, page, null, "cancel", cancellationToken);
        return sentBack.Headers.Location ?? throw new InvalidOperationException("The provider did not send the browser back.");
    }

    /// <summary>Follows the browser back to us and reads the result code off our page (no front end is configured).</summary>
    public async Task<string> ComeBackAsync(Uri callback, CancellationToken cancellationToken)
    {
        var page = await Api.GetStringAsync(callback, cancellationToken);
        var result = WebUtility.HtmlDecode(ResultOnPage().Match(page).Groups["result"].Value);
        var next = result.StartsWith("many.", StringComparison.Ordinal) ? "connections/offer" : "connections/confirm";
        return page.Contains(next, StringComparison.Ordinal) ? result : throw new InvalidOperationException($"The page of {result} does not lead to {next}: {page}");
    }

    /// <summary>Confirms a result; gives the answer whatever it is.</summary>
    public Task<HttpResponseMessage> ConfirmAsync(string result, CancellationToken cancellationToken, bool acceptDifferent = false) =>
        Api.PostAsJsonAsync("connections/confirm", new { result, acceptDifferent }, cancellationToken);

    /// <summary>The whole way from Connect to connected; gives the confirmation's answer.</summary>
    public async Task<JsonElement> ConnectAsync(string client, string person, string organisation, CancellationToken cancellationToken, bool acceptDifferent = false)
    {
        var callback = await AllowAsync(await PressConnectAsync(client, cancellationToken), person, organisation, cancellationToken);
        var result = await ComeBackAsync(callback, cancellationToken);
        var answer = await ReadAsync(await ConfirmAsync(result, cancellationToken, acceptDifferent), HttpStatusCode.OK, cancellationToken);
        if (Text(answer, "outcome") != "choose")
            return answer;
        var chosen = answer.GetProperty("organisations").EnumerateArray().Single(one => Text(one, "name") == organisation);
        return await PostAsync("connections/choose", new { result, organisationId = Text(chosen, "id"), acceptDifferent }, HttpStatusCode.OK, cancellationToken);
    }

    /// <summary>Presses Sync and gives the run's id.</summary>
    public async Task<string> PressSyncAsync(string client, CancellationToken cancellationToken) =>
        Text(await PostAsync($"clients/{client}/sync", null, HttpStatusCode.Accepted, cancellationToken), "runId");

    /// <summary>The client's latest run.</summary>
    public Task<JsonElement> RunAsync(string client, CancellationToken cancellationToken) => GetAsync($"clients/{client}/runs/current", cancellationToken);

    /// <summary>Waits until the client's latest run is in such a state, and gives it.</summary>
    public async Task<JsonElement> WaitForRunAsync(string client, string what, Func<JsonElement, bool> state, TimeSpan within, CancellationToken cancellationToken)
    {
        JsonElement run = default;
        try
        {
            await Eventually.TrueAsync(what, async () => state(run = await RunAsync(client, cancellationToken)), within, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message} The run: {run}", late);
        }
        return run;
    }

    /// <summary>Waits until the client's latest run has ended, and gives it.</summary>
    public Task<JsonElement> WaitForEndAsync(string client, TimeSpan within, CancellationToken cancellationToken) =>
        WaitForRunAsync(client, "the run has ended", run => Text(run, "state") == "finished", within, cancellationToken);

    /// <summary>Where the connection stands.</summary>
    public Task<JsonElement> ConnectionAsync(string client, CancellationToken cancellationToken) => GetAsync($"clients/{client}/connection", cancellationToken);

    /// <summary>Disconnects the client.</summary>
    public async Task<JsonElement> DisconnectAsync(string client, CancellationToken cancellationToken) =>
        await ReadAsync(await Api.DeleteAsync($"clients/{client}/connection", cancellationToken), HttpStatusCode.OK, cancellationToken);

    /// <summary>How many records of each dataset we hold.</summary>
    public async Task<IReadOnlyDictionary<string, int>> HeldAsync(string client, CancellationToken cancellationToken) =>
        (await GetAsync($"clients/{client}/data", cancellationToken)).GetProperty("items").EnumerateArray()
            .ToDictionary(dataset => Text(dataset, "dataset"), dataset => dataset.GetProperty("records").GetInt32());

    /// <summary>An answer's field as text.</summary>
    public static string Text(JsonElement answer, string field) => answer.GetProperty(field).GetString() ?? throw new InvalidOperationException($"{field} is null.");

    /// <summary>GET that is answered with 200.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        await ReadAsync(await Api.GetAsync(path, cancellationToken), HttpStatusCode.OK, cancellationToken);

    private async Task<JsonElement> PostAsync(string path, object? body, HttpStatusCode expected, CancellationToken cancellationToken) =>
        await ReadAsync(body is null ? await Api.PostAsync(path, null, cancellationToken) : await Api.PostAsJsonAsync(path, body, cancellationToken), expected, cancellationToken);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.StatusCode == expected
                ? JsonElement.Parse(text)
                : throw new InvalidOperationException($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)answer.StatusCode}: {text}");
        }
    }

    private static HttpClient Browser() => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() });

    private static async Task<string> PageAsync(Task<HttpResponseMessage> answer)
    {
        using var page = await answer;
        var html = await page.Content.ReadAsStringAsync();
        return page.IsSuccessStatusCode ? html : throw new InvalidOperationException($"The provider's page says: {html}");
    }

    // Whichever provider's page it is: its own form, and the choice that has these words.
    private static Task<HttpResponseMessage> SubmitAsync(HttpClient browser, Uri site, string page, string? words, string decision, CancellationToken cancellationToken)
    {
        Dictionary<string, string> form = new() { ["form_token"] = FormToken().Match(page).Groups["value"].Value, ["decision"] = decision };
        if (words is not null)
        {
            var choice = Regex.Match(page, $"name=\"(?<field>[a-z]+)\" value=\"(?<value>[^\"]+)\"[^>]*> <span>{Regex.Escape(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(words))} ");
            form[choice.Groups["field"].Value] = choice.Success ? choice.Groups["value"].Value : throw new InvalidOperationException($"The provider's page does not offer {words}: {page}");
        }
        return browser.PostAsync(new Uri(site, FormAction().Match(page).Groups["path"].Value), new FormUrlEncodedContent(form), cancellationToken);
    }

    [GeneratedRegex("data-result=\"(?<result>[^\"]*)\"")]
    private static partial Regex ResultOnPage();

    [GeneratedRegex("<form method=\"post\" action=\"(?<path>[^\"]+)\"")]
    private static partial Regex FormAction();

    [GeneratedRegex("name=\"form_token\" value=\"(?<value>[^\"]+)\"")]
    private static partial Regex FormToken();
}

/// <summary>The sandbox's control API: what happens at the provider's side.</summary>
public sealed class SandboxDriver(Uri address) : IDisposable
{
    private readonly HttpClient _control = new() { BaseAddress = new Uri(address, "/sandbox/") };

    /// <summary>The id of an organisation.</summary>
    public async Task<string> OrganisationAsync(string name, CancellationToken cancellationToken) =>
        (await _control.GetFromJsonAsync<JsonElement>("organisations", cancellationToken)).EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name).GetProperty("tenantId").GetString()!;

    /// <summary>Sends a control call.</summary>
    public async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json");
        using var answer = await _control.SendAsync(request, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>A consent given without a browser; gives the address to which it would be sent back.</summary>
    public async Task<Uri> AllowAsync(Uri consentPage, string person, IReadOnlyList<string> organisations, CancellationToken cancellationToken)
    {
        using var answer = await _control.PostAsJsonAsync("authorize", new { authorizeUrl = consentPage, person, organisations }, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? new Uri(JsonElement.Parse(text).GetProperty("location").GetString()!) : throw new InvalidOperationException($"The provider says: {text}");
    }

    /// <summary>How many data calls the organisation has received.</summary>
    public async Task<int> DataCallsAsync(string organisation, CancellationToken cancellationToken) =>
        (await _control.GetFromJsonAsync<JsonElement>($"calls/count?tenant={organisation}", cancellationToken)).GetProperty("total").GetInt32();

    /// <summary>Every code, token and secret that the sandbox ever issued.</summary>
    public async Task<IReadOnlyList<string>> SecretsAsync(CancellationToken cancellationToken) =>
        [.. (await _control.GetFromJsonAsync<JsonElement>("secrets", cancellationToken)).GetProperty("secrets").EnumerateArray().Select(secret => secret.GetProperty("value").GetString()!)];

    /// <inheritdoc />
    public void Dispose() => _control.Dispose();
}
