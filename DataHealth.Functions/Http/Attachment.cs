using Microsoft.Net.Http.Headers;

namespace DataHealth.Functions.Http;

/// <summary>Names a file that a browser saves, in the two spellings that browsers know (RFC 6266).</summary>
internal static class Attachment
{
    // What one of the usual file systems does not take.
    private static readonly char[] NotInNames = ['\\', '/', ':', '*', '?', '"', '<', '>', '|'];

    /// <summary>The header's value for a file of a client.</summary>
    public static string Of(string client, string what, string extension)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName($"{string.Join(' ', client.Split(NotInNames, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))} - {what}.{extension}");
        return disposition.ToString();
    }
}
