using DataHealth.Core.Practices;

namespace DataHealth.Core.Tests.Practices;

public sealed class LocalMemberTests
{
    [Theory]
    [InlineData("WEBSITE_SITE_NAME")]
    [InlineData("WEBSITE_INSTANCE_ID")]
    [InlineData("IDENTITY_ENDPOINT")]
    public void A_local_member_is_refused_in_Azure(string variable)
    {
        var place = HostingPlace.From(name => name == variable ? "set" : null);

        new LocalMemberRule(place).Validate(null, new LocalMemberOptions { PracticeId = "north" }).Failed.ShouldBeTrue();
        new LocalMemberRule(place).Validate(null, new LocalMemberOptions()).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void A_build_machine_in_a_container_is_not_Azure() => HostingPlace.From(name => name == "CONTAINER_NAME" ? "build" : null).IsAzure.ShouldBeFalse();

    [Theory]
    [InlineData("north", true)]
    [InlineData("North", false)]
    [InlineData("a/b", false)]
    public void Outside_Azure_it_must_only_be_well_formed(string practice, bool isGood) =>
        new LocalMemberRule(HostingPlace.From(_ => null)).Validate(null, new LocalMemberOptions { PracticeId = practice }).Succeeded.ShouldBe(isGood);
}
