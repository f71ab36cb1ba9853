namespace DataHealth.Core.Practices;

/// <summary>An accountancy practice: the tenant of our system.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name for people.</param>
public sealed record Practice(PracticeId Id, string Name);
