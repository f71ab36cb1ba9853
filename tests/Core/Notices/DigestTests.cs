using DataHealth.Core.Clients;
using DataHealth.Core.Notices;
using DataHealth.Core.Practices;
using DataHealth.Core.Practices.Members;
using DataHealth.Core.Tests.Clients.Overview;
using DataHealth.Core.Tests.Connections.Infrastructure;
using DataHealth.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MimeKit;

namespace DataHealth.Core.Tests.Notices;

public sealed class DigestTests : IAsyncLifetime
{
    private readonly World _world;
    private readonly Running _process;
    private readonly Outbox _outbox = new();
    private readonly Readers _readers = new();

    public DigestTests(AzuriteFixture azurite)
    {
        _world = new World(azurite);
        _process = _world.WithOverview(services => services
            .Replace(ServiceDescriptor.Singleton<INoticeSender>(_outbox))
            .Replace(ServiceDescriptor.Singleton<IDigestReaders>(_readers)));
    }

    public ValueTask InitializeAsync()
    {
        _readers.All.Add(Of("Ann", ClientAccess.All));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_mail_comes_only_when_something_new_needs_a_person_and_at_most_once_a_day()
    {
        (await SendAsync()).Sent.ShouldBe(0, "nothing needs anybody");
        await MismatchAsync("First", "org1");

        (await SendAsync()).Sent.ShouldBe(1);
        var mail = _outbox.Mails.Single();
        mail.To.Mailboxes.Single().Address.ShouldBe("ann@north.example");
        mail.Subject.ShouldBe("First needs you");
        mail.TextBody!.ShouldContain("First: It is connected to Name of org1");

        await MismatchAsync("Second", "org2");
        (await SendAsync()).Sent.ShouldBe(0, "today's mail is out");
        _world.Clock.Advance(TimeSpan.FromDays(1));
        (await SendAsync()).Sent.ShouldBe(1);
        _outbox.Mails[^1].TextBody!.ShouldSatisfyAllConditions(text => text.ShouldContain("Second:"), text => text.ShouldNotContain("First:"), text => text.ShouldContain("Open from before: 1."));
        _world.Clock.Advance(TimeSpan.FromDays(1));
        (await SendAsync()).Sent.ShouldBe(0, "what was told is not told again");
    }

    [Fact]
    public async Task What_is_raised_while_the_mails_go_out_is_told_the_next_day()
    {
        _readers.All.Add(Of("Bo", ClientAccess.All));
        await MismatchAsync("First", "org1");
        // Between Ann's mail and Bo's.
        _outbox.AfterFirst = () => MismatchAsync("Meanwhile", "org2");

        (await SendAsync()).Sent.ShouldBe(2);

        _world.Clock.Advance(TimeSpan.FromDays(1));
        (await SendAsync()).Sent.ShouldBe(2);
        _outbox.Mails.Skip(2).ShouldAllBe(mail => mail.TextBody!.Contains("Meanwhile:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_reads_of_the_clients_that_exist_for_them()
    {
        var seen = await MismatchAsync("Seen", "org1");
        await MismatchAsync("Hidden", "org2");
        _readers.All.Add(Of("Bo", ClientAccess.Only([seen])));
        _readers.All.Add(Of("Nobody's", ClientAccess.None));
        _readers.All.Add(Of("Of another practice", ClientAccess.All) with { Practice = _world.Bob.Practice });

        (await SendAsync()).Sent.ShouldBe(2);

        var text = _outbox.Mails.Single(mail => mail.To.Mailboxes.Single().Name == "Bo").TextBody!;
        text.ShouldContain("Seen:");
        text.ShouldNotContain("Hidden");
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_is_tried_again_and_none_goes_out_at_night()
    {
        await MismatchAsync("First", "org1");
        _outbox.IsBroken = true;
        (await SendAsync()).ShouldBe(new DigestResult(0, 1));
        _outbox.IsBroken = false;
        (await SendAsync()).Sent.ShouldBe(1);

        await MismatchAsync("Second", "org2");
        _world.Clock.SetUtcNow(_world.Clock.GetUtcNow().Date.AddDays(1).AddHours(2));
        (await SendAsync()).Sent.ShouldBe(0);
        _world.Clock.Advance(TimeSpan.FromHours(5));
        (await SendAsync()).Sent.ShouldBe(1);
    }

    [Fact]
    public async Task Members_read_of_what_they_can_mend_and_account_managers_of_their_clients()
    {
        var managed = await MismatchAsync("Managed", "org1");
        var given = await MismatchAsync("Given", "org2");
        await MismatchAsync("Other", "org3");
        var process = _world.WithOverview(services => services.Replace(ServiceDescriptor.Singleton<INoticeSender>(_outbox)));
        var members = process.Get<MemberStore>();
        var lena = Member("Lena", Role.Standard) with { Given = ClientAccess.Only([managed, given]) };
        (await members.TryCreateAsync(_world.Ann.Practice, "North", Member("Ann", Role.PracticeAdmin), Running.Cancellation)).ShouldBeTrue();
        (await members.TryCreateAsync(_world.Bob.Practice, "South", Member("Bob", Role.PracticeAdmin) with { Practice = _world.Bob.Practice }, Running.Cancellation)).ShouldBeTrue();
        foreach (var member in (Member[])
        [
            lena,
            Member("Carl", Role.ClientAdmin),
            Member("Stan", Role.Standard) with { Privileges = Permissions.ConnectClients, Given = ClientAccess.Only([given]) },
            Member("Looks", Role.Standard) with { Given = ClientAccess.Only([managed, given]) },
            Member("Gone", Role.PracticeAdmin) with { State = MemberState.Suspended },
            Member("Invited", Role.PracticeAdmin) with { State = MemberState.Invited },
        ])
            await members.AddAsync(member, Running.Cancellation);
        await process.Get<ClientStore>().ChangeAsync(_world.Ann, managed, new ClientChange { Manager = lena.Id }, null, Running.Cancellation);

        (await process.Get<SendDigests>().ExecuteAsync(Running.Cancellation)).ShouldBe(new DigestResult(4, 0));

        string[] Told(string name) => [.. new[] { "Managed", "Given", "Other" }.Where(client => _outbox.Mails.Single(mail => mail.To.Mailboxes.Single().Name == name).TextBody!.Contains($"{client}:", StringComparison.Ordinal))];
        Told("Ann").ShouldBe(["Managed", "Given", "Other"]);
        Told("Carl").ShouldBe(["Managed", "Given", "Other"]);
        Told("Stan").ShouldBe(["Given"]);
        Told("Lena").ShouldBe(["Managed"]);
    }

    [Fact]
    public async Task On_one_machine_a_mail_is_a_file()
    {
        var folder = Directory.CreateTempSubdirectory("datahealth-mail-").FullName;
        try
        {
            var process = _world.WithOverview(services => services.Configure<NoticeOptions>(notices => notices.DropFolder = folder).Replace(ServiceDescriptor.Singleton<IDigestReaders>(_readers)));
            await MismatchAsync("First", "org1");

            (await process.Get<SendDigests>().ExecuteAsync(Running.Cancellation)).Sent.ShouldBe(1);

            using var mail = await MimeMessage.LoadAsync(Directory.GetFiles(folder, "*.eml").ShouldHaveSingleItem(), Running.Cancellation);
            mail.TextBody!.ShouldContain("First: It is connected to");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private Task<DigestResult> SendAsync() => _process.Get<SendDigests>().ExecuteAsync(Running.Cancellation);

    private async Task<ClientId> MismatchAsync(string name, string organisation)
    {
        // A later moment than the last telling.
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        var client = await _process.AddClientAsync(_world.Ann, name);
        await _process.ConnectAsync(_world.Ann, client, "user1", organisation);
        return client;
    }

    private Member Member(string name, Role role) => new(_world.Ann.Practice, new MemberId(Guid.NewGuid().ToString("N")))
    {
        Name = name,
        Email = $"{name.ToLowerInvariant()}@north.example",
        State = MemberState.Active,
        Role = role,
    };

    private DigestReader Of(string name, ClientAccess clients) =>
        new(_world.Ann.Practice, "North", new MemberId(Guid.NewGuid().ToString("N")), name, $"{name.Split(' ')[0].ToLowerInvariant()}@north.example", clients);

    private sealed class Readers : IDigestReaders
    {
        public List<DigestReader> All { get; } = [];

        public IAsyncEnumerable<DigestReader> AllAsync(CancellationToken cancellationToken) => All.ToAsyncEnumerable();
    }

    private sealed class Outbox : INoticeSender
    {
        public List<MimeMessage> Mails { get; } = [];

        public bool IsBroken { get; set; }

        public bool IsConfigured => true;

        /// <summary>Runs once, when the first mail has gone out.</summary>
        public Func<Task>? AfterFirst { get; set; }

        public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
        {
            if (IsBroken)
                throw new NoticeNotSentException("The mail server did not take a mail.", new IOException());
            Mails.Add(mail);
            if (AfterFirst is not { } hook)
                return;
            AfterFirst = null;
            await hook();
        }
    }
}
