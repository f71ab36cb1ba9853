using DataHealth.Core;
using DataHealth.Core.Clients;
using DataHealth.Core.Connections;
using DataHealth.Core.Providers;

namespace DataHealth.Functions.Http.Connections;

/// <summary>
/// How a callback ended, in one opaque value that may stand in an address: for a consent that arrived the client and its one-time code, else a word.
/// Whatever it is, confirming it answers what happened and what comes next.
/// </summary>
public abstract record ConsentResult
{
    private const string FaultPrefix = "fault-";
    private const string ManyPrefix = "many.";

    private ConsentResult()
    {
    }

    /// <summary>A consent waits for its member. The code is worthless to anyone else.</summary>
    public sealed record Pending(ClientId Client, string Code) : ConsentResult
    {
        public override string Text => $"{Client}.{Code}";

        public override string ToString() => $"Pending for {Client}";
    }

    /// <summary>A consent for many clients waits for its member.</summary>
    public sealed record PendingMany(string Code) : ConsentResult
    {
        public override string Text => ManyPrefix + Code;

        public override string ToString() => "PendingMany";
    }

    /// <summary>The person pressed Cancel, or the provider refused.</summary>
    public sealed record Denied : ConsentResult
    {
        public override string Text => "cancelled";
    }

    /// <summary>The state was not ours or no longer good.</summary>
    public sealed record StateRefused(StateProblem Reason) : ConsentResult
    {
        public override string Text => $"state-{Reason.ToString().ToLowerInvariant()}";
    }

    /// <summary>The provider or our vault failed.</summary>
    public sealed record Failed(FaultKind Kind) : ConsentResult
    {
        public override string Text => FaultPrefix + Kind.ToString().ToLowerInvariant();
    }

    /// <summary>As it stands in the address.</summary>
    public abstract string Text { get; }

    public static ConsentResult Of(CallbackOutcome outcome) => outcome switch
    {
        CallbackOutcome.Received { Client: { } client } received => new Pending(client, received.ResultCode),
        CallbackOutcome.Received received => new PendingMany(received.ResultCode),
        CallbackOutcome.Denied => new Denied(),
        CallbackOutcome.StateRefused refused => new StateRefused(refused.Problem),
        CallbackOutcome.Failed failed => new Failed(failed.Fault.Kind),
        _ => throw new InvalidOperationException($"{outcome} is not an outcome of a callback."),
    };

    /// <summary>Reads it back; null when it is none of ours.</summary>
    public static ConsentResult? Parse(string text)
    {
        if (text is "cancelled")
            return new Denied();
        if (text.StartsWith("state-", StringComparison.Ordinal) && Enum.TryParse<StateProblem>(text["state-".Length..], ignoreCase: true, out var problem) && Enum.IsDefined(problem))
            return new StateRefused(problem);
        if (text.StartsWith(FaultPrefix, StringComparison.Ordinal) && Enum.TryParse<FaultKind>(text[FaultPrefix.Length..], ignoreCase: true, out var kind) && Enum.IsDefined(kind))
            return new Failed(kind);
        if (text.StartsWith(ManyPrefix, StringComparison.Ordinal) && text.Length > ManyPrefix.Length)
            return new PendingMany(text[ManyPrefix.Length..]);
        return text.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && ClientStore.IsWellFormed(new ClientId(text[..dot])) && text.Length > dot + 1
            ? new Pending(new ClientId(text[..dot]), text[(dot + 1)..])
            : null;
    }

    /// <summary>The problem that it is, where it is not a consent that waits.</summary>
    public Problem? Problem(string provider) => this switch
    {
        Pending or PendingMany => null,
        Denied => Problems.ConsentDenied,
        StateRefused { Reason: StateProblem.Expired } => Problems.ConsentExpired,
        StateRefused => Problems.ConsentUnknown,
        // invalid_grant for a code says nothing of any grant: the code was used before or took too long.
        Failed { Kind: FaultKind.GrantInvalid } => Problems.ConsentExpired,
        Failed failed => Problems.Of(new ProviderFault(failed.Kind, ""), provider),
        _ => throw new InvalidOperationException($"{this} has no words."),
    };
}
