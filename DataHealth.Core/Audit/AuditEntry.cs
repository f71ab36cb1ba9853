using DataHealth.Core.Practices;

namespace DataHealth.Core.Audit;

/// <summary>One thing that a person did. Never changed once written; it outlives the client.</summary>
/// <param name="Id">Sorts newest first within the practice.</param>
/// <param name="Practice">In which practice.</param>
/// <param name="At">When.</param>
/// <param name="Member">Who.</param>
/// <param name="MemberName">Who, as they were called then.</param>
/// <param name="Role">As what.</param>
/// <param name="Action">What.</param>
/// <param name="Client">Of which client, if of one.</param>
/// <param name="Before">What was there, in a few words; null where nothing was.</param>
/// <param name="After">What is there now, in a few words; null where nothing is.</param>
/// <param name="RequestId">The request that did it, as in the log.</param>
public sealed record AuditEntry(
    string Id, PracticeId Practice, DateTimeOffset At, MemberId Member, string MemberName, Role Role, AuditAction Action, ClientId? Client, string? Before, string? After, string RequestId);

/// <summary>A page of the audit.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="Continuation">Give it back for older ones; null when there are none.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, string? Continuation);
