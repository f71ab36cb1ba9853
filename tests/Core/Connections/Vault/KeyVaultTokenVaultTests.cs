using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using DataHealth.Core.Connections;
using DataHealth.Core.Connections.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Connections.Vault;

public sealed class KeyVaultTokenVaultTests : IAsyncLifetime
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private long _throttles;
    private KeyVaultStub _stub = null!;
    private KeyVaultTokenVault _vault = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stub = await KeyVaultStub.StartAsync();
        var meters = _meters.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "datahealth.vault.throttles" && ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _throttles, count));
        _listener.Start();
        var options = KeyVaultTokenVault.ClientOptions(new ConnectionMetrics(meters));
        // The stub's host and certificate are its own; everything else is what runs in Azure.
        options.DisableChallengeResourceVerification = true;
        options.Transport = new HttpClientTransport(new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator });
        _vault = new KeyVaultTokenVault(new SecretClient(_stub.Address, new Credential(), options));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _meters.DisposeAsync();
        await _stub.DisposeAsync();
    }

    [Fact]
    public async Task The_newest_version_is_read_after_one_challenge()
    {
        (await _vault.GetAsync("a", Cancellation)).ShouldBeNull();
        await _vault.SetAsync("a", "first", Cancellation);
        await _vault.SetAsync("a", "second", Cancellation);

        (await _vault.GetAsync("a", Cancellation)).ShouldBe("second");
        _stub.VersionsOf("a").ShouldBe(["first", "second"]);
        _stub.Calls.Count(call => call == "challenge").ShouldBe(1);
    }

    [Fact]
    public async Task A_removal_waits_for_the_vault_and_purges()
    {
        await _vault.SetAsync("a", "value", Cancellation);
        _stub.LooksUntilDeleted = 2;

        (await _vault.DeleteAsync("a", Cancellation)).ShouldBe(SecretRemoval.Gone);

        _stub.IsReserved("a").ShouldBeFalse();
        (await _vault.GetAsync("a", Cancellation)).ShouldBeNull();
        (await _vault.DeleteAsync("a", Cancellation)).ShouldBe(SecretRemoval.Gone);
    }

    [Fact]
    public async Task Where_purging_is_forbidden_it_says_that_the_vault_retains_it()
    {
        await _vault.SetAsync("a", "value", Cancellation);
        _stub.Refuse = call => call.StartsWith("DELETE /deletedsecrets", StringComparison.Ordinal) ? (403, "Forbidden", null) : null;

        (await _vault.DeleteAsync("a", Cancellation)).ShouldBe(SecretRemoval.Retained);
        (await _vault.GetAsync("a", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Promise_6_a_secret_that_may_not_be_purged_is_told_with_the_day_on_which_the_vault_forgets_it()
    {
        await _vault.SetAsync("kept", "value", Cancellation);
        await _vault.SetAsync("purged", "value", Cancellation);
        await _vault.DeleteAsync("purged", Cancellation);
        _stub.Refuse = call => call.StartsWith("DELETE /deletedsecrets", StringComparison.Ordinal) ? (403, "Forbidden", null) : null;
        await _vault.DeleteAsync("kept", Cancellation);

        (await _vault.FindRetainedAsync("kept", Cancellation)).ShouldBe(new RetainedSecret(KeyVaultStub.ForgottenAt));
        (await _vault.FindRetainedAsync("purged", Cancellation)).ShouldBeNull();
        (await _vault.FindRetainedAsync("never-there", Cancellation)).ShouldBeNull();

        // Where we may not even look, nobody can say that it is gone.
        _stub.Refuse = call => call.StartsWith("GET /deletedsecrets", StringComparison.Ordinal) ? (403, "Forbidden", null) : null;
        (await _vault.FindRetainedAsync("purged", Cancellation)).ShouldBe(new RetainedSecret(null));
    }

    [Fact]
    public async Task A_name_that_is_still_reserved_is_recovered_and_written()
    {
        await _vault.SetAsync("a", "old", Cancellation);
        _stub.Refuse = call => call.StartsWith("DELETE /deletedsecrets", StringComparison.Ordinal) ? (403, "Forbidden", null) : null;
        await _vault.DeleteAsync("a", Cancellation);
        _stub.IsReserved("a").ShouldBeTrue();

        await _vault.SetAsync("a", "new", Cancellation);

        (await _vault.GetAsync("a", Cancellation)).ShouldBe("new");
    }

    [Fact]
    public async Task A_throttled_call_waits_as_the_vault_says_and_succeeds()
    {
        await _vault.SetAsync("a", "value", Cancellation);
        var refusals = 0;
        _stub.Refuse = _ => ++refusals == 1 ? (429, "Throttled", 1) : null;
        var watch = System.Diagnostics.Stopwatch.StartNew();

        (await _vault.GetAsync("a", Cancellation)).ShouldBe("value");

        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));
        refusals.ShouldBe(2);
        _throttles.ShouldBe(1, "what the retry mended is counted all the same");
    }

    [Fact]
    public async Task Endless_throttling_ends_in_words_without_the_secret()
    {
        _stub.Refuse = _ => (429, "Throttled", 0);

        var failed = await Should.ThrowAsync<VaultException>(() => _vault.SetAsync("a", "the-secret-value", Cancellation));

        failed.IsRefusal.ShouldBeFalse();
        failed.ToString().ShouldNotContain("the-secret-value");
        _stub.Calls.Count(call => call.StartsWith("PUT", StringComparison.Ordinal)).ShouldBe(5);
        _throttles.ShouldBe(5);
    }

    [Fact]
    public async Task A_refusal_names_the_role_that_is_missing()
    {
        _stub.Refuse = _ => (403, "Forbidden", null);

        var failed = await Should.ThrowAsync<VaultException>(() => _vault.GetAsync("a", Cancellation));

        failed.IsRefusal.ShouldBeTrue();
        failed.Message.ShouldContain("Key Vault Secrets Officer");
    }

    private sealed class Credential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(KeyVaultStub.Token, DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
