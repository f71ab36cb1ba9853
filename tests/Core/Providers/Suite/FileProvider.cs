using System.Globalization;
using System.Text;
using System.Text.Json;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;
using DataHealth.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DataHealth.Core.Tests.Providers.Suite;

/// <summary>
/// The third provider of docs/adding-a-provider.md, as small as one can be: books are a folder with a file of lines for each kind of record, <c>id|moment|D or nothing|json</c>. It shows what
/// a provider needs, and that nothing else in the product has to know of it.
/// </summary>
internal sealed class FileProvider(string root) : IAccountingProvider, IProviderAuthorization, IBooksReader, ILedgerMapping
{
    public const string ProviderKey = "files";
    private const int PageSize = 25;

    public string Key => ProviderKey;

    public string Name => "Files";

    public bool IsConfigured => Directory.Exists(root);

    public IReadOnlyList<Dataset> Datasets { get; } =
    [
        new FileDataset("accounts", "Accounts") { IsOptional = false },
        new FileDataset("parties", "Parties") { IsPaged = true, IsIncremental = true, IsCountable = true },
        new FileDataset("sales", "Sales") { IsPaged = true, IsIncremental = true, IsCountable = true, IsOptional = false },
    ];

    public IReadOnlySet<Capability> Capabilities { get; } = new HashSet<Capability> { Capability.LineTax };

    public int MaxConcurrentCalls => 2;

    public IProviderAuthorization Authorization => this;

    public IBooksReader Books => this;

    public ILedgerMapping Ledger => this;

    // --- Consent: a code names the folder; a token is good as long as the folder's key is.
    public bool UsesPkce => false;

    public Uri AuthorizeUri(string state, Uri redirectUri, string? codeChallenge) => new($"https://files.test/?state={Uri.EscapeDataString(state)}");

    public Task<TokenOutcome> ExchangeAsync(CallbackQuery callback, Uri redirectUri, string? codeVerifier, CancellationToken cancellationToken) =>
        Task.FromResult(Issue(callback.Others.GetValueOrDefault("folder") ?? "", callback.Code!));

    public Task<TokenOutcome> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        Task.FromResult(refreshToken.Split('/') is [var folder, var key] ? Issue(folder, key) : Dead());

    public Task<ProviderFault?> RevokeAsync(string refreshToken, CancellationToken cancellationToken) => Task.FromResult<ProviderFault?>(null);

    public Task<OrganisationsOutcome> OrganisationsAsync(string accessToken, string ownerId, string? consentId, CancellationToken cancellationToken) => Task.FromResult<OrganisationsOutcome>(
        IsGood(accessToken) ? new OrganisationsOutcome.Listed([new(new(Key, ownerId), ownerId, $"Folder {ownerId}")]) : new OrganisationsOutcome.TokenRefused(new(FaultKind.GrantInvalid, "another key")));

    public Task<ProviderFault?> RemoveAsync(string accessToken, string connectionId, CancellationToken cancellationToken) => Task.FromResult<ProviderFault?>(null);

    private TokenOutcome Issue(string folder, string key)
    {
        var token = $"{folder}/{key}";
        return IsGood(token)
            ? new TokenOutcome.Issued(new TokenSet(token, token, DateTimeOffset.UtcNow.AddHours(1), DateTimeOffset.UtcNow.AddDays(90), folder, null, folder, ["read"]))
            : Dead();
    }

    private static TokenOutcome.InvalidGrant Dead() => new(new(FaultKind.GrantInvalid, "another key"));

    private bool IsGood(string token) => token.Split('/') is [var folder, var key] && File.Exists(Path.Combine(root, folder, "key")) && File.ReadAllText(Path.Combine(root, folder, "key")) == key;

    // --- Reading: sorted by id, a lower bound of change, a count.
    public Task<PageOutcome> ReadPageAsync(Books books, Dataset dataset, PageRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(books) is { } lost)
            return Task.FromResult<PageOutcome>(lost);
        var now = DateTimeOffset.UtcNow;
        var lines = Lines(books, dataset).Where(line => request.ModifiedSince is not { } since || line.At >= since).OrderBy(line => line.Id, StringComparer.Ordinal).ToList();
        var size = dataset.IsPaged ? PageSize : int.MaxValue;
        var page = lines.Skip((request.Page - 1) * size).Take(size).Select(line => new SourceRecord(line.Id, line.At, line.IsDeleted, Encoding.UTF8.GetBytes(line.Json))).ToList();
        return Task.FromResult<PageOutcome>(new PageOutcome.Page(page, dataset.IsPaged && request.Page * size < lines.Count ? request.Page + 1 : null, dataset.IsPaged ? lines.Count : null, now) { Cost = new(1, 100) });
    }

    public Task<PageOutcome> CountAsync(Books books, Dataset dataset, CallPriority priority, CancellationToken cancellationToken) =>
        Task.FromResult<PageOutcome>(Refusal(books) is { } lost ? lost : new PageOutcome.Page([], null, Lines(books, dataset).Count, DateTimeOffset.UtcNow) { Cost = new(1, 10) });

    public Task<LimitHeadroom> HeadroomAsync(OrganisationId organisation, CancellationToken cancellationToken) => Task.FromResult(new LimitHeadroom(null, null, 1_000_000, null, null));

    private PageOutcome.ConnectionLost? Refusal(Books books) =>
        File.Exists(Path.Combine(root, books.Organisation.Id, "key")) ? null : new PageOutcome.ConnectionLost(new(FaultKind.OrganisationRemoved, "The folder was locked."));

    private List<(string Id, DateTimeOffset At, bool IsDeleted, string Json)> Lines(Books books, Dataset dataset) =>
    [
        .. File.ReadLines(Path.Combine(root, books.Organisation.Id, dataset.Name)).Select(line => line.Split('|', 4))
            .Select(part => (part[0], DateTimeOffset.Parse(part[1], CultureInfo.InvariantCulture), part[2] == "D", part[3])),
    ];

    // --- Meaning.
    public IReadOnlyList<LedgerRecord> Map(Dataset dataset, string id, ReadOnlySpan<byte> json)
    {
        var record = JsonElement.Parse(json);
        return dataset.Name switch
        {
            "accounts" => [new LedgerAccount { Id = id, Name = Word(record, "name"), Class = AccountClass.Unknown, Activity = LedgerActivity.Active }],
            "parties" => [new LedgerContact { Id = id, Name = Word(record, "name"), Activity = LedgerActivity.Active }],
            "sales" => [new LedgerDocument { Id = id, Kind = DocumentKind.SalesInvoice, Status = LedgerStatus.Posted, Gross = record.GetProperty("gross").GetDecimal() }],
            _ => throw new ArgumentException($"'{dataset.Name}' is not a dataset of files.", nameof(dataset)),
        };

        static string? Word(JsonElement record, string name) => record.GetProperty(name).GetString();
    }

    private sealed record FileDataset(string Name, string Title) : Dataset(Name, Title);
}

/// <summary>A folder of books, edited as people edit books.</summary>
internal sealed class FilesUnderTest : ProviderUnderTest
{
    private static readonly string[] Kinds = ["accounts", "parties", "sales"];
    private readonly string _root = Directory.CreateTempSubdirectory("datahealth-files-").FullName;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<string, (DateTimeOffset At, bool IsDeleted, string Json)>> _books = Kinds.ToDictionary(kind => kind, _ => new SortedDictionary<string, (DateTimeOffset, bool, string)>(StringComparer.Ordinal));
    private int _number;

    public FilesUnderTest()
    {
        Directory.CreateDirectory(Folder);
        Unlock();
        foreach (var (kind, count) in ((string, int)[])[("accounts", 20), ("parties", 80), ("sales", 160)])
        {
            for (var made = 0; made < count; made++)
                Make(kind);
        }

        Save();
    }

    public override string Key => FileProvider.ProviderKey;

    public override OrganisationId Company => new(Key, "acme");

    public override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>();

    private string Folder => Path.Combine(_root, "acme");

    public override void AddTo(IServiceCollection services, IConfiguration configuration)
    {
    }

    public override IAccountingProvider Create(IServiceProvider services) => new FileProvider(_root);

    public override Task<CallbackQuery> AllowAsync(Uri authorizeUri, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(Folder, "key")))
            Unlock();
        var state = System.Web.HttpUtility.ParseQueryString(authorizeUri.Query)["state"];
        return Task.FromResult(new CallbackQuery(File.ReadAllText(Path.Combine(Folder, "key")), state, null) { Others = new Dictionary<string, string> { ["folder"] = "acme" } });
    }

    public override Task EndThereAsync(CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Folder, "key"));
        return Task.CompletedTask;
    }

    public override void Edit(int seed, int count)
    {
        var random = new Random(seed);
        lock (_lock)
        {
            for (var edit = 0; edit < count; edit++)
            {
                var kind = Kinds[random.Next(Kinds.Length)];
                var ids = _books[kind].Keys.ToList();
                var id = ids[random.Next(ids.Count)];
                switch (random.Next(4))
                {
                    case 0:
                        Make(kind);
                        break;
                    case 1:
                        _books[kind][id] = (DateTimeOffset.UtcNow, true, _books[kind][id].Json);
                        break;
                    default:
                        Put(kind, id);
                        break;
                }
            }

            Save();
        }
    }

    public override IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Truth()
    {
        lock (_lock)
            return _books.ToDictionary(kind => kind.Key, kind => (IReadOnlyDictionary<string, string>)kind.Value.ToDictionary(record => record.Key, record => record.Value.Json));
    }

    public override string Canonical(string dataset, ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Unlock() => File.WriteAllText(Path.Combine(Folder, "key"), Guid.NewGuid().ToString("N"));

    private void Make(string kind) => Put(kind, Guid.CreateVersion7().ToString("N")[^8..] + $"{++_number:D6}");

    private void Put(string kind, string id) =>
        _books[kind][id] = (DateTimeOffset.UtcNow, false, kind == "sales" ? $$"""{"gross":{{++_number}}.25}""" : $$"""{"name":"{{kind}} & {{++_number}} 漢字"}""");

    // Written beside and moved: a reader never sees half a file.
    private void Save()
    {
        foreach (var (kind, records) in _books)
        {
            File.WriteAllLines(Path.Combine(Folder, kind + ".new"), records.Select(record => $"{record.Key}|{record.Value.At:O}|{(record.Value.IsDeleted ? "D" : "")}|{record.Value.Json}"));
            File.Move(Path.Combine(Folder, kind + ".new"), Path.Combine(Folder, kind), overwrite: true);
        }
    }
}

/// <summary>The suite over files.</summary>
[TakesLong]
public sealed class FileSuite(AzuriteFixture azurite) : ProviderSuite(azurite)
{
    protected override Task<ProviderUnderTest> StartAsync() => Task.FromResult<ProviderUnderTest>(new FilesUnderTest());
}
