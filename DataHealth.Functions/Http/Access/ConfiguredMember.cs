using DataHealth.Core;
using DataHealth.Core.Practices;
using Microsoft.Extensions.Options;

namespace DataHealth.Functions.Http.Access;

/// <summary>The one member of the configuration, until real sign-in fills the same interface. Refused in Azure by <see cref="LocalMemberRule"/>.</summary>
public sealed class ConfiguredMember(IOptions<LocalMemberOptions> options) : ICurrentMember
{
    public Actor Actor { get; } = options.Value.IsConfigured ? options.Value.ToActor() : new Actor(new PracticeId(""), new MemberId(""), "", Permissions.None);
}
