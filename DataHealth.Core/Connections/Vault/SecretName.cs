namespace DataHealth.Core.Connections.Vault;

/// <summary>The rule of secret names, the same in every vault.</summary>
internal static class SecretName
{
    public static void Check(string name)
    {
        if (name is not { Length: > 0 and <= 127 } || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'))
            throw new ArgumentException("A secret's name is 1 to 127 letters, digits and hyphens.", nameof(name));
    }
}
