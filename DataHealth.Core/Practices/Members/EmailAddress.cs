using System.Diagnostics.CodeAnalysis;
using System.Net.Mail;

namespace DataHealth.Core.Practices.Members;

/// <summary>A bare e-mail address in lower case, at most 254 characters (RFC 5321), without a display name.</summary>
public static class EmailAddress
{
    /// <summary>Reads an address as a person gave it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? address)
    {
        var trimmed = text?.Trim() ?? "";
        address = trimmed.Length is > 2 and <= 254 && trimmed.All(letter => letter is > ' ' and not '\u007F' and not ('<' or '>' or '"' or ','))
            && MailAddress.TryCreate(trimmed, out var parsed) && parsed.Address == trimmed
            ? trimmed.ToLowerInvariant()
            : null;
        return address is not null;
    }
}
