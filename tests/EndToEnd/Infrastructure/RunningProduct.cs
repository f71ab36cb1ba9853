using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.Books;
using DataHealth.Local.Sandbox.Calls;
using DataHealth.Local.Sandbox.Limits;
using DataHealth.Local.Sandbox.SignIn;
using DataHealth.Testing;
using DataHealth.Testing.Drivers;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>What a test's product is made of.</summary>
public sealed record ProductOptions
{
    /// <summary>Limits that no test meets by accident.</summary>
    public static LimitSettings NoLimits { get; } = new() { Minute = 100_000, Day = 100_000, AppMinute = 1_000_000 };

    /// <summary>Whose books.</summary>
    public ProviderUnderTest Provider { get; init; } = ProviderUnderTest.Xero;

    /// <summary>One functions process for each, signed in as that practice; all on the same storage and task hub.</summary>
    public IReadOnlyList<string> Practices { get; init; } = ["birch"];

    /// <summary>Settings of the functions, over those that every product has; <c>Provider__</c> stands for the provider's section.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Xero's sandbox; its redirect addresses are filled in.</summary>
    public SandboxOptions Sandbox { get; init; } = new() { Limits = NoLimits };

    /// <summary>The storage to share with others, under a prefix of its own; null starts one for this product alone.</summary>
    public Azurite? Azurite { get; init; }

    /// <summary>Keeps the product's own Azurite on disk, so that it can be stopped and started.</summary>
    public bool IsStorageOnDisk { get; init; }
}

/// <summary>The whole product on this machine: storage, the sandbox that plays the provider, and the functions as real processes.</summary>
public sealed class RunningProduct : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("datahealth-").FullName;
    private readonly bool _ownsAzurite;

    private RunningProduct(ProductOptions options)
    {
        _ownsAzurite = options.Azurite is null;
        Provider = options.Provider;
        Azurite = options.Azurite ?? new Azurite(options.IsStorageOnDisk ? Directory.CreateDirectory(Path.Combine(_folder, "azurite")).FullName : null);
    }

    /// <summary>Whose books.</summary>
    public ProviderUnderTest Provider { get; }

    /// <summary>Tables and blobs.</summary>
    public Azurite Azurite { get; }

    /// <summary>The provider's sandbox, in this process.</summary>
    public ISimulation Simulation { get; private set; } = null!;

    /// <summary>The same, where it is Xero's.</summary>
    public SandboxServer Sandbox => ((XeroSimulation)Simulation).Server;

    /// <summary>The sign-in provider, in this process.</summary>
    public SignInServer SignIn { get; private set; } = null!;

    /// <summary>The sandbox's control API.</summary>
    public SandboxDriver Control { get; private set; } = null!;

    /// <summary>The functions, one process for each practice.</summary>
    public IReadOnlyList<FunctionsProcess> Functions { get; private set; } = [];

    /// <summary>People of each practice at their own process.</summary>
    public IReadOnlyList<PracticeDriver> Practices { get; private set; } = [];

    /// <summary>People of the first practice.</summary>
    public PracticeDriver Practice => Practices[0];

    /// <summary>Begins the names of all tables and containers of this product.</summary>
    public string Prefix { get; } = Azurite.NewPrefix();

    /// <summary>The folder of the local vault.</summary>
    public string VaultFolder => Path.Combine(_folder, "vault");

    /// <summary>Starts everything and returns when the functions are ready.</summary>
    public static async Task<RunningProduct> StartAsync(ProductOptions options, CancellationToken cancellationToken)
    {
        var product = new RunningProduct(options);
        try
        {
            await product.BeginAsync(options, cancellationToken);
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an organisation that Ada Birch may connect.</summary>
    /// <param name="size">small, medium, large or a number of records.</param>
    /// <param name="seed">Of its books.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Company> NewOrganisationAsync(string size, int seed, CancellationToken cancellationToken)
    {
        var name = $"Company {Guid.NewGuid():N}";
        await Control.SendAsync(HttpMethod.Post, "organisations", new { name, size, seed }, cancellationToken);
        return new Company(await Control.OrganisationAsync(name, cancellationToken), name);
    }

    /// <summary>Limits of one organisation at Xero.</summary>
    public void Limit(Company organisation, TenantLimits limits) => Sandbox.World.Change(world =>
        world.Limits = world.Limits with { Tenants = new(world.Limits.Tenants) { [Guid.Parse(organisation.TenantId)] = limits } });

    /// <summary>Waits until the current run has written its last line: the run's row says that it has ended a moment before.</summary>
    public static Task SettledAsync(PracticeDriver practice, string client, TimeSpan within, CancellationToken cancellationToken) => Eventually.TrueAsync(
        "the run has written its last line", async () => await FinishedLinesAsync(practice, client, cancellationToken) > 0, within, cancellationToken);

    /// <summary>Lines of the current run's timeline that say that it ended.</summary>
    public static async Task<int> FinishedLinesAsync(PracticeDriver practice, string client, CancellationToken cancellationToken) =>
        (await practice.RunAsync(client, cancellationToken)).GetProperty("timeline").EnumerateArray().Count(line => PracticeDriver.Text(line, "kind") == "finished");

    /// <summary>Edits, voids, deletes and archives at random, now; gives the kind of each.</summary>
    public IReadOnlyList<EditKind> EditAtRandom(Company organisation, ulong seed, int count, EditMix? mix = null) => Simulation.EditAtRandom(organisation, seed, count, mix ?? EditMix.Default);

    /// <summary>Calls for an organisation's data, in the order in which they came.</summary>
    public IReadOnlyList<CallEntry> DataCalls(Company organisation) => Simulation.Calls.Find(new CallFilter(Tenant: new(organisation.TenantId)));

    /// <summary>A client of the first practice, connected to the organisation; its first sync has begun.</summary>
    public async Task<string> ConnectedClientAsync(Company organisation, CancellationToken cancellationToken)
    {
        var client = await Practice.AddClientAsync(organisation.Name, cancellationToken);
        await Practice.ConnectAsync(client, "Ada Birch", organisation.Name, cancellationToken);
        return client;
    }

    /// <summary>A person presses Sync, and everything that it asks for is done.</summary>
    public async Task<Run> SyncAsync(string client, TimeSpan within, CancellationToken cancellationToken)
    {
        await Practice.PressSyncAsync(client, cancellationToken);
        return await EndAsync(client, within, cancellationToken);
    }

    /// <summary>Waits for the end of the client's run.</summary>
    public async Task<Run> EndAsync(string client, TimeSpan within, CancellationToken cancellationToken) =>
        new(await Practice.WaitForEndAsync(client, within, cancellationToken));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var process in Functions)
            process.Dispose();
        Control?.Dispose();
        if (Simulation is not null)
            await Simulation.DisposeAsync();
        if (SignIn is not null)
            await SignIn.DisposeAsync();
        if (_ownsAzurite)
            await Azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync(ProductOptions options, CancellationToken cancellationToken)
    {
        var settings = options.Practices.Select(_ => new Dictionary<string, string>()).ToList();
        Functions = [.. settings.Select(own => new FunctionsProcess(own))];
        Practices = [.. Functions.Select(process => new PracticeDriver(process.Api, Provider.Key))];
        var redirects = Functions.Select(process => $"http://127.0.0.1:{process.Port}/api/oauth/{Provider.Key}/callback").ToList();
        Simulation = await Provider.Start(options, redirects, cancellationToken);
        Control = new SandboxDriver(Simulation.BaseAddress);
        SignIn = await SignInServer.StartAsync(cancellationToken: cancellationToken);
        for (var i = 0; i < settings.Count; i++)
        {
            foreach (var (name, value) in Settings(Functions[i].Port).Concat(options.Settings))
                settings[i][name.StartsWith("Provider__", StringComparison.Ordinal) ? Provider.Section + name["Provider".Length..] : name] = value;
        }
        await Task.WhenAll(Functions.Select(process => process.StartAsync(cancellationToken)));
        using var people = new SignInDriver(SignIn.BaseAddress);
        // Processes of one practice are called by the same person.
        foreach (var practice in Functions.Zip(options.Practices).GroupBy(pair => pair.Second, pair => pair.First))
        {
            await people.FoundAsync(practice.First().Api, practice.Key, $"admin-of-{practice.Key}", cancellationToken);
            foreach (var process in practice.Skip(1))
                process.Api.DefaultRequestHeaders.Authorization = practice.First().Api.DefaultRequestHeaders.Authorization;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Settings(int port) => new Dictionary<string, string>
    {
        ["AzureWebJobsStorage"] = Azurite.ConnectionString,
        ["TaskHub"] = Prefix + "hub",
        ["Storage__ConnectionString"] = Azurite.ConnectionString,
        ["Storage__TablePrefix"] = Prefix,
        ["Vault__LocalFolder"] = VaultFolder,
        ["Connections__CallbackBaseUri"] = $"http://127.0.0.1:{port}/api",
        ["Auth__Authority"] = SignIn.BaseAddress.AbsoluteUri,
        ["Auth__Audience"] = "datahealth-api",
        ["RateLimits__PerMember"] = "1000000",
        ["RateLimits__PerAddress"] = "1000000",
        ["Members__FirstSupportEmail"] = SignInDriver.SupportEmail,
    }.Concat(Provider.Settings(Simulation.BaseAddress).Select(setting => KeyValuePair.Create($"Provider__{setting.Key}", setting.Value)));
}
