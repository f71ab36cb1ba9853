namespace DataHealth.Local.Sandbox.QuickBooks.Identity;

/// <summary>One refresh on its way: whether it came while another was under way, or another came while it was.</summary>
internal sealed class Meeting(Action end) : IDisposable
{
    public bool CameSecond { get; init; }

    public bool WasJoined { get; set; }

    public void Dispose() => end();
}

/// <summary>Knows which grants are being refreshed at this moment.</summary>
internal sealed class RefreshesUnderWay
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Meeting> _first = [];

    public Meeting Begin(string? grantId)
    {
        lock (_gate)
        {
            if (grantId is null)
                return new Meeting(() => { });
            if (_first.TryGetValue(grantId, out var first))
            {
                first.WasJoined = true;
                return new Meeting(() => { }) { CameSecond = true };
            }

            return _first[grantId] = new Meeting(() => End(grantId));
        }
    }

    private void End(string grantId)
    {
        lock (_gate)
            _first.Remove(grantId);
    }
}
