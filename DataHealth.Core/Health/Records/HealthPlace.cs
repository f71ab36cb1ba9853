namespace DataHealth.Core.Health.Records;

/// <summary>Places between the writes of a recalculation; tests crash or freeze there.</summary>
internal enum HealthPlace
{
    /// <summary>The client's partition is taken over, nothing is written.</summary>
    Claimed,

    /// <summary>What is kept of the books, and how far each dataset is, are known; what changed since is not yet.</summary>
    StatesTaken,

    /// <summary>The books are judged, nothing is written.</summary>
    Judged,

    /// <summary>Some of the new version is written.</summary>
    PartWritten,

    /// <summary>All of the new version is written, and not visible.</summary>
    Written,

    /// <summary>It is visible; the old one is still there.</summary>
    Published,

    /// <summary>The old one is swept; the practice's row is not written.</summary>
    Swept,

    /// <summary>The records as they are mapped are written, but for the last batch, which the index goes with; no index names them.</summary>
    BodiesKept,

    /// <summary>The index names them; those of before are still there.</summary>
    IndexKept,
}
