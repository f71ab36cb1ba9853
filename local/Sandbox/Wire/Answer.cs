using System.IO.Compression;
using DataHealth.Local.Sandbox.Faults;

namespace DataHealth.Local.Sandbox.Wire;

/// <summary>The sending of one answer, whole or broken.</summary>
internal sealed class Answer(HttpContext http, string correlationHeader, string correlationId)
{
    private readonly Dictionary<string, string> _always = new() { [correlationHeader] = correlationId };

    /// <summary>0 when nothing was sent.</summary>
    public int Status { get; private set; }

    public long Bytes { get; private set; }

    public void AlwaysSend(IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
            _always[name] = value;
    }

    public async Task SendAsync(Reply reply)
    {
        var body = Begin(reply);
        http.Response.ContentLength = reply.Status is 204 or 304 ? null : body.Length;
        Bytes = body.Length;
        if (body.Length > 0 && !HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Sends it as the faults that the call met leave it.</summary>
    public async Task SendAsync(Reply reply, IReadOnlyList<MetFault> met, string list)
    {
        foreach (var fault in met)
            reply = Mangling.Spoil(fault.Fault.Kind, reply);
        if (met.Any(fault => fault.Fault.Kind == FaultKind.LostAnswer))
            Abort();
        else if (met.FirstOrDefault(fault => fault.Fault.Kind == FaultKind.Huge) is { } huge)
            await SendHugeAsync(list, huge.Fault.Megabytes);
        else if (met.Any(fault => fault.Fault.Kind == FaultKind.Truncate))
            await SendHalfAsync(reply);
        else
            await SendAsync(reply);
    }

    /// <summary>Promises the whole length, sends half of it and drops the connection.</summary>
    public async Task SendHalfAsync(Reply reply)
    {
        var body = Begin(reply);
        http.Response.ContentLength = body.Length;
        Bytes = body.Length / 2;
        await http.Response.Body.WriteAsync(body[..(body.Length / 2)], http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        // A dropped connection takes along what the other side has not read yet: leave it time to read the half.
        await Task.Delay(TimeSpan.FromMilliseconds(200), http.RequestAborted);
        http.Abort();
    }

    public async Task SendHugeAsync(string list, int megabytes)
    {
        Begin(new Reply(200, Reply.JsonType, default));
        await Mangling.WriteHugeAsync(http.Response.Body, list, megabytes, http.RequestAborted);
        Bytes = megabytes * 1024L * 1024;
    }

    public void Abort()
    {
        Status = 0;
        http.Abort();
    }

    public void Gone() => Status = 0;

    private ReadOnlyMemory<byte> Begin(Reply reply)
    {
        Status = http.Response.StatusCode = reply.Status;
        foreach (var (name, value) in _always)
            http.Response.Headers[name] = value;
        foreach (var (name, value) in reply.Headers)
            http.Response.Headers[name] = value;
        if (reply.ContentType is not null)
            http.Response.ContentType = reply.ContentType;
        if (reply.Body.Length == 0 || !http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
            return reply.Body;
        http.Response.Headers.ContentEncoding = "gzip";
        http.Response.Headers.Vary = "Accept-Encoding";
        using var packed = new MemoryStream(reply.Body.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(reply.Body.Span);
        return packed.ToArray();
    }
}
