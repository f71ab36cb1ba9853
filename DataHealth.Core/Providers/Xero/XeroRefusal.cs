using System.Text;
using System.Text.Json;
using DataHealth.Core.Providers.Wire;

namespace DataHealth.Core.Providers.Xero;

/// <summary>What an answer that is not a 200 means (facts 1.6 and 3.6).</summary>
/// <param name="Kind">What to do about it.</param>
/// <param name="Fault">What to say about it.</param>
internal sealed record XeroRefusal(XeroRefusalKind Kind, ProviderFault Fault)
{
    private const int LongestWord = 60;

    /// <summary>The outage that it tells of, or null when it is a refusal.</summary>
    public static ProviderFault? Outage(CallEnd.Refused end)
    {
        var status = (int)end.Answer.Status;
        if (status is < 500 and not 408 || status == 501)
            return null;
        var text = Encoding.UTF8.GetString(end.Text);
        var offline = status == 503 && text.Contains("organi", StringComparison.OrdinalIgnoreCase) && text.Contains("offline", StringComparison.OrdinalIgnoreCase);
        return new(offline ? FaultKind.OrganisationOffline : FaultKind.ProviderUnavailable, $"Answered {status}.", end.Answer.CorrelationId);
    }

    /// <summary>Reads a refusal. Bodies may be JSON in either case, XML, HTML or plain text.</summary>
    public static XeroRefusal Read(CallEnd.Refused end)
    {
        var status = (int)end.Answer.Status;
        var said = Said(end.Text);
        var lacksScope = end.Answer.LacksScope || Says("AuthorizationUnsuccessful") || Says("insufficient_scope");
        return status switch
        {
            401 or 403 when lacksScope => Make(XeroRefusalKind.Final, FaultKind.ScopeMissing),
            401 when Says("TokenExpired") => Make(XeroRefusalKind.TokenRefused, FaultKind.ProviderUnavailable),
            401 => Make(XeroRefusalKind.TokenRefused, FaultKind.RequestRefused),
            403 => Make(XeroRefusalKind.Forbidden, FaultKind.UserRightMissing),
            400 when Says("high volume") => Make(XeroRefusalKind.HighVolume, FaultKind.HighVolumeRefused),
            >= 400 => Make(XeroRefusalKind.Final, FaultKind.RequestRefused),
            _ => Make(XeroRefusalKind.Final, FaultKind.BadAnswer),
        };

        bool Says(string words) => said.Contains(words, StringComparison.OrdinalIgnoreCase);

        XeroRefusal Make(XeroRefusalKind kind, FaultKind fault) => new(kind, new(fault, said.Length > 0 ? $"Answered {status}: {said}" : $"Answered {status}.", end.Answer.CorrelationId));
    }

    // Of a JSON body the documented fields; of anything else the beginning. One line, short, no control characters. A page that shows our own request must not bring its token
    // into a record: no word that Xero documents is as long as one.
    private static string Said(byte[] body)
    {
        var text = "";
        try
        {
            if (body.Length > 0 && JsonSerializer.Deserialize(body, XeroJson.Default.XeroProblem) is { } problem)
                text = string.Join(' ', new[] { problem.Type, problem.Title, problem.Detail, problem.Message }.Where(part => !string.IsNullOrEmpty(part)));
        }
        catch (JsonException)
        {
            text = Encoding.UTF8.GetString(body);
        }

        var plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        var line = string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length <= LongestWord ? word : "…"));
        return line.Length <= 200 ? line : line[..200];
    }
}

/// <summary>What to do about a refusal.</summary>
internal enum XeroRefusalKind
{
    /// <summary>Nothing: it is the outcome.</summary>
    Final,

    /// <summary>The token was refused: renew it once and repeat.</summary>
    TokenRefused,

    /// <summary>Ask for the connections once: the organisation is gone, or the user lacks a right.</summary>
    Forbidden,

    /// <summary>Too large to be read in this order.</summary>
    HighVolume,
}
