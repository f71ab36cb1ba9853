using System.Collections;

namespace DataHealth.Core.Telemetry;

/// <summary>Puts a client's and a run's id on every line that is logged within it, also on those of readers and stores that know neither.</summary>
/// <param name="client">Whose.</param>
/// <param name="run">Which run; null outside of one.</param>
internal sealed class RunScope(ClientId client, RunId? run = null) : IReadOnlyList<KeyValuePair<string, object>>
{
    public int Count => run is null ? 1 : 2;

    public KeyValuePair<string, object> this[int index] => index switch
    {
        0 => new("clientId", client.Value),
        1 when run is { } id => new("runId", id.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
            yield return this[index];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // What a console that prints scopes shows.
    public override string ToString() => run is { } id ? $"client {client}, run {id}" : $"client {client}";
}
