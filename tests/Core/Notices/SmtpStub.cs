using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DataHealth.Core.Tests.Notices;

/// <summary>A mail server on this machine: RFC 5321 as far as a client goes, dot-stuffing included.</summary>
internal sealed class SmtpStub : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SmtpStub()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = ServeAsync();
    }

    public int Port { get; }

    /// <summary>What it offers after EHLO.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The command at which it refuses, and how.</summary>
    public string? RefuseAt { get; init; }

    public string Refusal { get; init; } = "";

    /// <summary>The mails that it took: from, to, and the mail itself.</summary>
    public ConcurrentQueue<(string From, string To, string Data)> Taken { get; } = new();

    /// <summary>The commands that came.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
        {
            // Closed.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 stub.example ESMTP");
        var (from, to) = ("", "");
        while (await reader.ReadLineAsync() is { } line)
        {
            Said.Enqueue(line);
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == RefuseAt)
            {
                await writer.WriteLineAsync(Refusal);
                continue;
            }
            switch (verb)
            {
                case "EHLO":
                    string[] offers = ["stub.example", .. Capabilities];
                    for (var n = 0; n < offers.Length; n++)
                        await writer.WriteLineAsync($"250{(n == offers.Length - 1 ? ' ' : '-')}{offers[n]}");
                    break;
                case "AUTH":
                    await writer.WriteLineAsync("235 2.7.0 Accepted");
                    break;
                case "MAIL":
                    from = line["MAIL FROM:".Length..].Split(' ')[0];
                    await writer.WriteLineAsync("250 2.1.0 Ok");
                    break;
                case "RCPT":
                    to = line["RCPT TO:".Length..].Split(' ')[0];
                    await writer.WriteLineAsync("250 2.1.5 Ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 Go on");
                    var data = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } text && text != ".")
                        data.Append(text.StartsWith('.') ? text[1..] : text).Append("\r\n");
                    Taken.Enqueue((from, to, data.ToString()));
                    await writer.WriteLineAsync("250 2.0.0 Taken");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 2.0.0 Bye");
                    return;
                default:
                    await writer.WriteLineAsync("502 5.5.1 Unknown");
                    break;
            }
        }
    }
}
