using CsCheck;
using DataHealth.Core.Webhooks;

namespace DataHealth.Core.Tests.Webhooks;

public sealed class WebhookSignatureTests
{
    [Fact]
    public void Only_the_signature_of_exactly_these_bytes_by_exactly_this_key_matches() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.String[Gen.Char.AlphaNumeric, 1, 60], Gen.Int[0, 1_000_000], Gen.Int[0, 7]).Sample((body, key, place, bit) =>
        {
            var signature = WebhookSignature.Of(body, key);
            var changed = body.ToArray();
            changed[place % changed.Length] ^= (byte)(1 << bit);

            WebhookSignature.Matches(body, key, signature).ShouldBeTrue();
            WebhookSignature.Matches(changed, key, signature).ShouldBeFalse();
            WebhookSignature.Matches(body, key + "x", signature).ShouldBeFalse();
            WebhookSignature.Matches(body, key, signature[..^4]).ShouldBeFalse();
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64 at all")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_signature_never_matches(string? signature) => WebhookSignature.Matches("{}"u8, "key", signature).ShouldBeFalse();

    [Fact]
    public void Without_a_key_nothing_matches() => WebhookSignature.Matches("{}"u8, "", WebhookSignature.Of("{}"u8, "")).ShouldBeFalse();
}
