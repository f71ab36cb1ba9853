namespace DataHealth.Local.Sandbox.SignIn;

/// <summary>Somebody who can sign in. What they may do is not the provider's to say: the words here only tell what the local stack makes of them.</summary>
/// <param name="Key">How control calls name them.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their address.</param>
/// <param name="Words">What the local stack makes of them.</param>
/// <param name="IsEmailVerified">False: the provider does not vouch for the address.</param>
public sealed record SignInPerson(string Key, string Name, string Email, string Words, bool IsEmailVerified = true)
{
    public string Subject => $"sandbox-{Key}";
}

/// <summary>Ready-made people of every role, of two practices, of our support, and one whom nobody knows.</summary>
public static class SignInPeople
{
    public static IReadOnlyList<SignInPerson> All { get; } =
    [
        new("mara", "Mara Lindt", "mara@birch.example", "Practice Admin of Birch Accountants"),
        new("jon", "Jon Abara", "jon@birch.example", "Client Admin of Birch Accountants"),
        new("suki", "Suki Tan", "suki@birch.example", "Standard at Birch Accountants, may sync and connect"),
        new("pia", "Pia Moss", "pia@birch.example", "Standard at Birch Accountants, may only look"),
        new("otto", "Otto Reyes", "otto@northgate.example", "Practice Admin of Northgate Partners"),
        new("nell", "Nell Ford", "nell@northgate.example", "Standard at Northgate Partners, may sync"),
        new("sam", "Sam Keene", "sam@datahealth.example", "Support: our own staff"),
        new("nora", "Nora New", "nora@new.example", "A member of nothing yet: invite her"),
        new("vic", "Vic Unverified", "vic@new.example", "Whose e-mail address the provider does not vouch for", IsEmailVerified: false),
    ];

    public static SignInPerson? Find(string? key) => All.FirstOrDefault(person => person.Key == key);
}
