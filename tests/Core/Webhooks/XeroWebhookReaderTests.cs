using System.Text;
using System.Text.Json;
using CsCheck;
using DataHealth.Core.Providers.Xero;
using DataHealth.Core.Webhooks;
using Microsoft.Extensions.Options;

namespace DataHealth.Core.Tests.Webhooks;

public sealed class XeroWebhookReaderTests
{
    private const string Tenant = "9a7b6c5d-0e1f-4a2b-8c3d-4e5f6a7b8c9d";
    private static readonly XeroWebhookReader Reader = new(Options.Create(new XeroOptions { WebhookKey = "key" }));

    [Fact]
    public void Events_become_one_hint_an_organisation_and_kind()
    {
        var events = Read($$"""
            {"events":[{{Event("INVOICE")}},{{Event("INVOICE")}},{{Event("CREDITNOTE")}},{{Event("QUOTE")}},{{Event("PURCHASEORDER")}},
              {{Event("CONTACT", "11111111-2222-4333-8444-555555555555")}}],"firstEventSequence":1,"lastEventSequence":6,"entropy":"QWERTZUIOPASDFGHJKLY"}
            """);

        events.Hints.Select(hint => $"{hint.Organisation.Id} {hint.Kind}").Order().ShouldBe(
            ["11111111-2222-4333-8444-555555555555 contact", $"{Tenant} creditnote", $"{Tenant} invoice", $"{Tenant} other"]);
        events.Ignored.ShouldBe(0);
    }

    [Fact]
    public void A_trial_a_subscription_and_an_event_without_organisation_are_no_hints()
    {
        Read("{\"events\":[],\"firstEventSequence\":0,\"lastEventSequence\":0,\"entropy\":\"X\"}").Hints.ShouldBeEmpty();

        var events = Read($$"""{"events":[{{Event("SUBSCRIPTION", type: "APPLICATION")}},{"eventCategory":"INVOICE"},7,{"tenantId":7}]}""");

        events.Hints.ShouldBeEmpty();
        events.Ignored.ShouldBe(4);
    }

    [Fact]
    public void An_organisation_is_spelt_in_one_way() =>
        Read($$"""{"events":[{{Event("INVOICE", Tenant.ToUpperInvariant())}}]}""").Hints.Single().Organisation.Id.ShouldBe(Tenant);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"events\":null}")]
    [InlineData("{\"events\":[")]
    public void A_body_in_no_documented_form_is_refused_in_one_way(string body) => Should.Throw<JsonException>(() => Read(body));

    [Fact]
    public void Bytes_of_any_kind_are_read_or_refused_and_nothing_else() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        try
        {
            Reader.Read(bytes);
        }
        catch (JsonException)
        {
            // Refused.
        }
    });

    private static WebhookEvents Read(string body) => Reader.Read(Encoding.UTF8.GetBytes(body));

    private static string Event(string category, string tenant = Tenant, string type = "ORGANISATION") =>
        $$"""{"resourceUrl":"https://api.xero.com/x","resourceId":"7c1e6a30-52f1-4d0a-9a3c-1f8b7e2d4c55","tenantId":"{{tenant}}","tenantType":"{{type}}","eventCategory":"{{category}}","eventType":"UPDATE","eventDateUtc":"2026-11-23T20:30:52.417"}""";
}
