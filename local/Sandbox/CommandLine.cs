using System.Globalization;
using DataHealth.Local.Sandbox.QuickBooks;

namespace DataHealth.Local.Sandbox;

/// <summary>The options of the process.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Usage: DataHealth.Local.Sandbox [--port N] [--sign-in-port N] [--data FOLDER] [--redirect-uri URI]... [--client-id ID] [--client-secret SECRET] [--issuer URI] [--empty]
                                        [--minute-limit N] [--day-limit N] [--minute-seconds S] [--day-seconds S]
                                        [--quickbooks-port N] [--quickbooks-redirect-uri URI] [--quickbooks-webhook-url URI]
          --port            7080 unless given; 0 takes a free one
          --sign-in-port    of the sign-in provider; 7090 unless given; 0 takes a free one
          --data            keeps grants, connections, edits and settings there; without it they live in memory
          --quickbooks-port starts the QuickBooks sandbox beside it (7081 is its usual port; 0 takes a free one)
          --redirect-uri    a registered redirect address (default http://localhost:7071/api/oauth/xero/callback)
          --empty           starts without people and organisations
          --day-seconds     length of a day window, to try a daily limit without waiting for a day
        """;

    /// <summary>What is wrong with the arguments, or null. No options at all means that help was asked for.</summary>
    public static string? Read(string[] args, out SandboxOptions? options, out QuickBooksOptions? quickBooks)
    {
        QuickBooksOptions? second = null;
        quickBooks = null;
        var read = new SandboxOptions { Port = SandboxOptions.DefaultPort, SignInPort = SignIn.SignInOptions.DefaultPort };
        var redirects = new List<string>();
        options = null;
        for (var at = 0; at < args.Length; at++)
        {
            if (args[at] is "--help" or "-h")
                return null;
            if (args[at] == "--empty")
            {
                read = read with { DefaultWorld = false };
                continue;
            }

            if (at + 1 >= args.Length)
                return $"'{args[at]}' is unknown or needs a value.";
            try
            {
                var (name, value) = (args[at], args[++at]);
                if (name == "--redirect-uri")
                    redirects.Add(value);
                else if (Set(second ?? new QuickBooksOptions { Port = QuickBooksOptions.DefaultPort }, name, value) is { } moved)
                    second = moved;
                else if (Set(read, name, value) is { } changed)
                    read = changed;
                else
                    return $"'{name}' is unknown.";
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                return $"'{args[at]}' is not a number.";
            }
        }

        options = redirects.Count > 0 ? read with { RedirectUris = redirects } : read;
        quickBooks = second is null ? null : second with
        {
            ClientId = options.ClientId,
            ClientSecret = options.ClientSecret,
            DefaultWorld = options.DefaultWorld,
            DataFolder = options.DataFolder is null ? null : Path.Combine(options.DataFolder, "quickbooks"),
        };
        return null;
    }

    private static QuickBooksOptions? Set(QuickBooksOptions options, string name, string value) => name switch
    {
        "--quickbooks-port" => options with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
        "--quickbooks-redirect-uri" => options with { RedirectUris = [.. options.RedirectUris, value] },
        "--quickbooks-webhook-url" => options with { WebhookUrl = value },
        _ => null,
    };

    private static SandboxOptions? Set(SandboxOptions options, string name, string value) => name switch
    {
        "--port" => options with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
        "--sign-in-port" => options with { SignInPort = int.Parse(value, CultureInfo.InvariantCulture) },
        "--data" => options with { DataFolder = value },
        "--client-id" => options with { ClientId = value },
        "--client-secret" => options with { ClientSecret = value },
        "--issuer" => options with { Issuer = value },
        "--minute-limit" => options with { Limits = options.Limits with { Minute = int.Parse(value, CultureInfo.InvariantCulture) } },
        "--day-limit" => options with { Limits = options.Limits with { Day = int.Parse(value, CultureInfo.InvariantCulture) } },
        "--minute-seconds" => options with { Limits = options.Limits with { MinuteSeconds = double.Parse(value, CultureInfo.InvariantCulture) } },
        "--day-seconds" => options with { Limits = options.Limits with { DaySeconds = double.Parse(value, CultureInfo.InvariantCulture) } },
        _ => null,
    };
}
