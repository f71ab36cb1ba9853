using System.Text;
using System.Text.Json;
using DataHealth.Core.Providers.QuickBooks;
using DataHealth.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Providers.QuickBooks;

public sealed class QuickBooksWebhookTests
{
    private const string Old = """
        {"eventNotifications":[{"realmId":"9130357700123456","dataChangeEvent":{"entities":[
          {"name":"Invoice","id":"812","operation":"Update","lastUpdated":"2026-11-23T20:30:52Z"},
          {"name":"Invoice","id":"813","operation":"Void","lastUpdated":"2026-11-23T20:30:52Z"},
          {"name":"Customer","id":"58","operation":"Merge","lastUpdated":"2026-11-23T20:31:07Z","deletedId":"61"}]}},
          {"realmId":"77","dataChangeEvent":{"entities":[{"name":"Newfangled","id":"1","operation":"Create"}]}}]}
        """;

    private const string New = """
        [{"specversion":"1.0","id":"b7a1c0de-2233-4455-8677-8899aabbccdd","source":"intuit.demo","type":"qbo.invoice.updated.v1","datacontenttype":"application/json",
          "time":"2026-11-23T20:30:52.417000000Z","intuitentityid":"812","intuitaccountid":"9130357700123456","data":{}},
         {"specversion":"1.0","type":"qbo.customer.merged.v1","intuitaccountid":"9130357700123456"},
         {"specversion":"1.0","type":"qbo.newfangled.created.v1","intuitaccountid":"77"}]
        """;

    private readonly QuickBooksWebhookReader _reader = new(Options.Create(new QuickBooksOptions { WebhookVerifierToken = "verifier" }));

    [Theory]
    [InlineData(Old)]
    [InlineData(New)]
    public void Both_forms_say_the_same(string body)
    {
        var events = _reader.Read(Encoding.UTF8.GetBytes(body));

        events.Ignored.ShouldBe(0);
        events.Hints.ShouldBe([Hint("9130357700123456", "invoice"), Hint("9130357700123456", "customer"), Hint("77", "other")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""[{"type":"qbo.invoice.updated.v1"},{"intuitaccountid":"a/b","type":"x"},7]""", 3)]
    [InlineData("""{"eventNotifications":[{"dataChangeEvent":{"entities":[{"name":"Invoice"}]}},{},null]}""", 3)]
    [InlineData("[]", 0)]
    public void What_names_no_company_is_no_hint(string body, int ignored)
    {
        var events = _reader.Read(Encoding.UTF8.GetBytes(body));
        (events.Hints.Count, events.Ignored).ShouldBe((0, ignored));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("")]
    public void What_is_none_of_the_two_forms_is_refused(string body) => Should.Throw<JsonException>(() => _reader.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Only_what_intuit_signed_is_genuine_and_without_a_token_nothing_is()
    {
        var body = Encoding.UTF8.GetBytes(New);
        var signature = WebhookSignature.Of(body, "verifier");

        _reader.IsGenuine(body, signature).ShouldBeTrue();
        _reader.IsGenuine(body.AsSpan(..^1), signature).ShouldBeFalse();
        _reader.IsGenuine(body, null).ShouldBeFalse();
        var without = new QuickBooksWebhookReader(Options.Create(new QuickBooksOptions()));
        (without.IsConfigured, without.IsGenuine(body, WebhookSignature.Of(body, ""))).ShouldBe((false, false));
    }

    private static ChangeHint Hint(string company, string kind) => new(new OrganisationId("quickbooks", company), kind);
}
