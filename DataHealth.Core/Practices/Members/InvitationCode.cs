using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DataHealth.Core.Practices.Members;

/// <summary>What an invitation's link carries: practice, member and a secret of 256 bits, of which only the hash is kept.</summary>
internal sealed record InvitationCode(PracticeId Practice, MemberId Member, string Secret)
{
    private const int SecretLength = 43;

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)));

    public static InvitationCode New(PracticeId practice, MemberId member) => new(practice, member, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static bool TryRead(string? text, [NotNullWhen(true)] out InvitationCode? code)
    {
        code = text is { Length: <= 120 } && text.Split('.') is [var practice, var member, { Length: SecretLength } secret]
            && DataHealth.Core.Practices.Practice.IsWellFormed(practice) && MemberStore.IsWellFormed(new MemberId(member))
            ? new InvitationCode(new PracticeId(practice), new MemberId(member), secret)
            : null;
        return code is not null;
    }

    public bool Matches(string? hash) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash), Encoding.ASCII.GetBytes(hash));

    public override string ToString() => $"{Practice}.{Member}.{Secret}";
}
