using System.Collections.Concurrent;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Tests.Connections.Infrastructure;

/// <summary>
/// A provider that keeps Xero's rules in memory: a token set per user over all that user's organisations, single-use codes, rotation with a 30 minute grace, removal by connection
/// id, and revocation that drops everything. All processes of a test share it. Its behaviour over HTTP is the sandbox's matter.
/// </summary>
internal sealed class ScriptedProvider(TimeProvider time) : IAccountingProvider, IProviderAuthorization
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string User, string Event)> _codes = [];
    private readonly Dictionary<string, (string User, DateTimeOffset Expires)> _access = [];
    private readonly Dictionary<string, (string User, DateTimeOffset? UsedAt)> _refresh = [];
    private readonly List<(string User, string Event, ProviderOrganisation Organisation)> _connections = [];
    private int _number;

    public string Key => "fake";

    public string Name => "Fake";

    public bool IsConfigured { get; set; } = true;

    public IReadOnlyList<Dataset> Datasets => [];

    public IReadOnlySet<Capability> Capabilities { get; } = new HashSet<Capability>();

    public int MaxConcurrentCalls => 5;

    public IProviderAuthorization Authorization => this;

    public IBooksReader Books => throw new NotSupportedException();

    public DataHealth.Core.Ledger.ILedgerMapping Ledger => throw new NotSupportedException();

    public bool UsesPkce { get; set; }

    public bool ConsentReachesMany { get; set; } = true;

    public bool NeedsProof { get; set; }

    /// <summary>Says whose a consent's pair is; null: its named owner's.</summary>
    public Func<TokenSet, ProofOutcome>? Proof { get; set; }

    public TimeSpan LostAnswerRest { get; set; }

    /// <summary>When a grant that it issues ends for good.</summary>
    public DateTimeOffset? HardExpiresAt { get; set; }

    /// <summary>Every call: name and argument that is no secret.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Every secret that it ever gave out, and every one that it was sent.</summary>
    public ConcurrentBag<string> Secrets { get; } = [];

    /// <summary>Runs before a refresh is carried out: freeze or count here.</summary>
    public Func<Task>? BeforeRefresh { get; set; }

    /// <summary>Runs after a refresh was carried out and before its answer leaves.</summary>
    public Func<Task>? AfterRefresh { get; set; }

    /// <summary>What happens elsewhere while a code is exchanged.</summary>
    public Func<Task>? OnExchange { get; set; }

    /// <summary>Answers instead of carrying out: an outage, our configuration.</summary>
    public Func<string, ProviderFault?>? Fault { get; set; }

    /// <summary>How long the old refresh token is good after a refresh.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(30);

    public int Count(string call) => Calls.Count(one => one.StartsWith(call, StringComparison.Ordinal));

    public string[] OrganisationsOf(string user)
    {
        lock (_lock)
            return [.. _connections.Where(one => one.User == user).Select(one => one.Organisation.Id.Id)];
    }

    /// <summary>A person consents: the code of the callback.</summary>
    public string Consent(string user, params string[] organisations)
    {
        lock (_lock)
        {
            var (code, id) = (New("code"), New("event"));
            foreach (var organisation in organisations)
            {
                _connections.RemoveAll(one => one.User == user && one.Organisation.Id.Id == organisation);
                _connections.Add((user, id, new ProviderOrganisation(new OrganisationId(Key, organisation), New("connection"), $"Name of {organisation}")));
            }
            _codes[code] = (user, id);
            return code;
        }
    }

    /// <summary>The person removes our app for an organisation, at the provider.</summary>
    public void RemoveThere(string user, string organisation)
    {
        lock (_lock)
            _connections.RemoveAll(one => one.User == user && one.Organisation.Id.Id == organisation);
    }

    /// <summary>Every refresh token of a user dies.</summary>
    public void Kill(string user)
    {
        lock (_lock)
        {
            foreach (var token in _refresh.Where(one => one.Value.User == user).Select(one => one.Key).ToList())
                _refresh.Remove(token);
        }
    }

    public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge) =>
        new($"https://login.test/authorize?state={Uri.EscapeDataString(state)}&redirect_uri={Uri.EscapeDataString(redirectUri.AbsoluteUri)}&code_challenge={codeChallenge}");

    public async Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken)
    {
        var code = callback.Code!;
        Calls.Enqueue($"exchange {(codeVerifier is null ? "" : "with verifier")}");
        Secrets.Add(code);
        if (OnExchange is { } meanwhile)
            await meanwhile();
        if (Fault?.Invoke("exchange") is { } fault)
            return new TokenOutcome.Failed(fault);
        lock (_lock)
        {
            return _codes.Remove(code, out var consent)
                ? Issue(consent.User, consent.Event)
                : new TokenOutcome.InvalidGrant(new ProviderFault(FaultKind.GrantInvalid, "invalid_grant"));
        }
    }

    public Task<ProofOutcome> ProveAsync(TokenSet tokens, CancellationToken cancellationToken)
    {
        Calls.Enqueue("prove");
        return Task.FromResult(Proof?.Invoke(tokens) ?? new ProofOutcome.Proven());
    }

    public async Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        Calls.Enqueue("refresh");
        if (BeforeRefresh is { } before)
            await before();
        if (Fault?.Invoke("refresh") is { } fault)
            return new TokenOutcome.Failed(fault);
        TokenOutcome outcome;
        lock (_lock)
        {
            if (!_refresh.TryGetValue(refreshToken, out var token) || token.UsedAt + Grace < time.GetUtcNow())
                return new TokenOutcome.InvalidGrant(new ProviderFault(FaultKind.GrantInvalid, "invalid_grant"));
            _refresh[refreshToken] = token with { UsedAt = token.UsedAt ?? time.GetUtcNow() };
            outcome = Issue(token.User, null);
        }
        if (AfterRefresh is { } after)
            await after();
        return outcome;
    }

    public Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken)
    {
        if (Fault?.Invoke("revoke") is { } fault)
            return Task.FromResult<ProviderFault?>(fault);
        lock (_lock)
        {
            var user = _refresh.GetValueOrDefault(refreshToken).User;
            Calls.Enqueue($"revoke {user}");
            _connections.RemoveAll(one => one.User == user);
        }
        Kill(_refresh.GetValueOrDefault(refreshToken).User ?? "");
        return Task.FromResult<ProviderFault?>(null);
    }

    public Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken)
    {
        Calls.Enqueue("organisations");
        if (Fault?.Invoke("organisations") is { } fault)
            return Task.FromResult<OrganisationsOutcome>(new OrganisationsOutcome.Failed(fault));
        lock (_lock)
        {
            if (!_access.TryGetValue(accessToken, out var token) || token.Expires <= time.GetUtcNow())
                return Task.FromResult<OrganisationsOutcome>(new OrganisationsOutcome.TokenRefused(new ProviderFault(FaultKind.GrantInvalid, "401")));
            return Task.FromResult<OrganisationsOutcome>(new OrganisationsOutcome.Listed(
                [.. _connections.Where(one => one.User == token.User && (consentId is null || one.Event == consentId)).Select(one => one.Organisation)]));
        }
    }

    public Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken)
    {
        if (Fault?.Invoke("remove") is { } fault)
            return Task.FromResult<ProviderFault?>(fault);
        lock (_lock)
        {
            Calls.Enqueue($"remove {_connections.FirstOrDefault(one => one.Organisation.ConnectionId == connectionId).Organisation?.Id.Id}");
            _connections.RemoveAll(one => one.Organisation.ConnectionId == connectionId);
        }
        return Task.FromResult<ProviderFault?>(null);
    }

    private TokenOutcome.Issued Issue(string user, string? consent)
    {
        var (access, refresh) = (New("access"), New("refresh"));
        _access[access] = (user, time.GetUtcNow().AddMinutes(30));
        _refresh[refresh] = (user, null);
        return new TokenOutcome.Issued(new TokenSet(access, refresh, time.GetUtcNow().AddMinutes(30), time.GetUtcNow().AddDays(60), user, $"{user}@example.test", consent, ["books.read"]) { HardExpiresAt = HardExpiresAt });
    }

    private string New(string kind)
    {
        var value = $"{kind}-{++_number}-{Guid.NewGuid():N}";
        if (kind is "access" or "refresh" or "code")
            Secrets.Add(value);
        return value;
    }
}
