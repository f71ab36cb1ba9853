using System.Net;
using System.Net.Http.Json;
using DataHealth.Core.Practices;
using DataHealth.Functions.Http.Access;
using DataHealth.Functions.Tests.Infrastructure;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Tests;

/// <summary>Whose word we take for who somebody is.</summary>
public sealed class TokenTests(AzuriteFixture azurite, ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    private readonly TestApplication _application = fixture.Application;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_good_token_of_a_member_is_let_in()
    {
        using var api = _application.As(await _application.SignIn.TokenAsync(new { person = "mara" }, Cancelled));

        using var answer = await api.GetAsync("clients", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("notYet")]
    [InlineData("noExpiry")]
    [InlineData("wrongAudience")]
    [InlineData("wrongIssuer")]
    [InlineData("noSignature")]
    [InlineData("none")]
    [InlineData("otherKey")]
    [InlineData("unknownKey")]
    [InlineData("tampered")]
    [InlineData("publicKeyAsSecret")]
    [InlineData("garbage")]
    public async Task Promise_7_a_token_that_is_not_good_is_a_401(string kind)
    {
        // Tampering makes another person Mara: it must not be she who is signed out by a broken claim.
        var person = kind == "tampered" ? "nora" : "mara";
        using var api = _application.As(await _application.SignIn.TokenAsync(new { person, kind }, Cancelled));

        using var answer = await api.GetAsync("clients", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        body.ShouldContain("/not-signed-in");
        body.ShouldNotContain("IDX", Case.Sensitive, "the library's own words are not for callers");
    }

    [Theory]
    [InlineData("Basic bWFyYTpzZWNyZXQ=")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task Another_way_of_signing_in_is_a_401(string header)
    {
        using var api = _application.As(null);
        api.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        using var answer = await api.GetAsync("clients", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_in_the_address_is_not_read()
    {
        using var api = _application.As(null);

        using var answer = await api.GetAsync($"clients?access_token={await _application.SignIn.TokenAsync("mara", Cancelled)}", Cancelled);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Keys_that_the_provider_rolls_are_fetched_and_those_that_it_withdraws_are_refused()
    {
        await using var application = await TestApplication.StartAsync(azurite, Cancelled, ("Auth:KeyRefresh", "00:00:01"));
        var old = await application.SignIn.TokenAsync("mara", Cancelled);

        await application.SignIn.RollKeysAsync(forget: true, Cancelled);
        using var api = application.As(await application.SignIn.TokenAsync("mara", Cancelled));

        await Eventually.TrueAsync("the new key is known", async () => await StatusAsync(api) == HttpStatusCode.OK, TimeSpan.FromSeconds(60), Cancelled);
        using var former = application.As(old);
        await Eventually.TrueAsync("the withdrawn key is forgotten", async () => await StatusAsync(former) == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(60), Cancelled);
    }

    [Theory]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/suspend")]
    public async Task A_member_who_is_removed_or_suspended_is_out_at_once_here_though_the_token_is_good(string method, string path)
    {
        var member = await _application.SignIn.JoinAsync(_application.Api, $"leaver-{method}", "clientAdmin", [], Cancelled);
        using var api = _application.As(member.Token);
        (await StatusAsync(api)).ShouldBe(HttpStatusCode.OK);

        using var request = new HttpRequestMessage(new HttpMethod(method), $"members/{member.Id}{path}");
        (await _application.Api.SendAsync(request, Cancelled)).EnsureSuccessStatusCode().Dispose();

        (await StatusAsync(api)).ShouldBe(HttpStatusCode.Forbidden);
        using var me = await api.GetAsync("me", Cancelled);
        me.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_member_who_is_suspended_by_one_instance_is_out_at_another_within_a_minute()
    {
        var (id, _) = await _application.SignIn.JoinAsync(_application.Api, "elsewhere", "clientAdmin", [], Cancelled);
        var person = new SignedInPerson(_application.SignInServer.BaseAddress.AbsoluteUri, "elsewhere", "elsewhere", null, false);
        using var cache = new MemoryCache(new MemoryCacheOptions());
        var another = new KnownActors(_application.Services.GetRequiredService<FindActor>(), cache, Options.Create(new AuthOptions { MemberCache = TimeSpan.FromSeconds(3) }), TimeProvider.System);
        (await another.FindAsync(person, null, Cancelled)).ShouldBeOfType<ActorOutcome.Found>();

        (await _application.Api.PostAsync($"members/{id}/suspend", null, Cancelled)).EnsureSuccessStatusCode().Dispose();

        await Eventually.TrueAsync("the other instance keeps the member out", async () => await another.FindAsync(person, null, Cancelled) is ActorOutcome.Suspended, TimeSpan.FromMinutes(1), Cancelled);
    }

    [Fact]
    public async Task A_person_without_a_practice_sees_only_themselves()
    {
        using var api = _application.As(await _application.SignIn.TokenAsync("nora", Cancelled));

        var me = await api.GetFromJsonAsync<System.Text.Json.JsonElement>("me", Cancelled);

        PracticeDriver.Text(me, "name").ShouldBe("Nora New");
        me.GetProperty("memberships").GetArrayLength().ShouldBe(0);
        (await StatusAsync(api)).ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient api)
    {
        using var answer = await api.GetAsync("clients", Cancelled);
        return answer.StatusCode;
    }
}
