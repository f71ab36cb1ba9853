using System.Text.Json;

namespace DataHealth.EndToEnd.Tests.Infrastructure;

/// <summary>A run as the API tells of it.</summary>
public readonly record struct Run(JsonElement Body)
{
    /// <summary>Its id.</summary>
    public string Id => Body.GetProperty("id").GetString()!;

    /// <summary>running, paused or finished.</summary>
    public string State => Body.GetProperty("state").GetString()!;

    /// <summary>How it ended; empty while it has not.</summary>
    public string Outcome => Body.TryGetProperty("outcome", out var outcome) ? outcome.GetString() ?? "" : "";

    /// <summary>Calls of its receipt.</summary>
    public int Calls => Body.GetProperty("receipt").GetProperty("calls").GetInt32();

    /// <summary>The kinds of the timeline's lines, oldest first.</summary>
    public IReadOnlyList<string> Timeline => [.. Body.GetProperty("timeline").EnumerateArray().Select(line => line.GetProperty("kind").GetString()!)];

    /// <summary>Fails unless it ended well.</summary>
    public Run ShouldHaveSucceeded()
    {
        Outcome.ShouldBe("succeeded", Body.GetRawText());
        return this;
    }
}
