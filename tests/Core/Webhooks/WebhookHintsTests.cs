using Azure.Data.Tables;
using DataHealth.Core.Storage;
using DataHealth.Core.Webhooks;
using DataHealth.Testing;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Webhooks;

public sealed class WebhookHintsTests(AzuriteFixture azurite)
{
    private readonly AppStorage _storage = new(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = Azurite.NewPrefix() }));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hint_told_while_another_is_acted_on_stays()
    {
        var hints = new WebhookHints(_storage, TimeProvider.System);
        await hints.AddAsync([Hint("a", "invoice"), Hint("a", "contact")], Stop);
        var read = (await PendingAsync(hints)).Single();

        await hints.AddAsync([Hint("a", "invoice")], Stop);
        await hints.RemoveAsync(read, Stop);

        (await PendingAsync(hints)).Single().Kinds.ShouldBe(["invoice"]);
    }

    [Fact]
    public async Task Many_posts_at_a_time_and_from_two_processes_leave_one_row_a_kind_and_none_is_answered_before_it_is_stored()
    {
        WebhookHints[] processes = [new(_storage, TimeProvider.System), new(_storage, TimeProvider.System)];
        var table = await _storage.TableAsync(WebhookHints.Table, Stop);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(async number =>
        {
            var hint = Hint($"organisation-{number % 7}", number % 2 == 0 ? "invoice" : "contact");
            await processes[number % 2].AddAsync([hint], Stop);
            if (number % 25 == 0)
                (await table.GetEntityIfExistsAsync<TableEntity>($"xero-{hint.Organisation.Id}", hint.Kind, cancellationToken: Stop)).HasValue.ShouldBeTrue();
        }));

        var pending = await PendingAsync(processes[0]);
        pending.Select(one => one.Organisation.Id).Order().ShouldBe(Enumerable.Range(0, 7).Select(number => $"organisation-{number}"));
        pending.ShouldAllBe(one => one.Kinds.Count() == 2);
    }

    [Fact]
    public async Task A_storage_that_refuses_is_told_to_every_post_that_waited_and_the_next_one_is_tried_anew()
    {
        var hints = new WebhookHints(new AppStorage(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString, TablePrefix = "1bad" })), TimeProvider.System);

        var posts = Enumerable.Range(0, 5).Select(_ => hints.AddAsync([Hint("a", "invoice")], Stop)).ToList();

        foreach (var post in posts)
            await Should.ThrowAsync<Azure.RequestFailedException>(() => post);
        await Should.ThrowAsync<Azure.RequestFailedException>(() => hints.AddAsync([Hint("a", "invoice")], Stop));
    }

    private static ChangeHint Hint(string organisation, string kind) => new(new OrganisationId("xero", organisation), kind);

    private static async Task<List<PendingHints>> PendingAsync(WebhookHints hints) => await hints.PendingAsync(Stop).ToListAsync(Stop);
}
