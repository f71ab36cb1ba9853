using DataHealth.Core.Providers;
using DataHealth.Core.Providers.Limits;

namespace DataHealth.Core.Tests.Providers.Limits;

/// <summary>Callers in virtual time against the model: each asks the gate's rules, sends when granted, and asks again when told.</summary>
internal sealed class Simulation(XeroModel xero, CallLimits limits, Random random, TimeSpan latency)
{
    private readonly PriorityQueue<Action, (DateTimeOffset, int)> _events = new();
    private int _order;

    public static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;

    public OrganisationLimits State { get; set; } = new();

    public List<(DateTimeOffset At, GateAnswer.Denied Answer)> Denials { get; } = [];

    public List<DateTimeOffset> Sent { get; } = [];

    public void Run(int callers, TimeSpan length, CallPriority priority = CallPriority.Scheduled, bool losesAnswers = false)
    {
        for (var caller = 0; caller < callers; caller++)
            At(Start, () => Ask(priority, losesAnswers));
        var end = Start + length;
        while (_events.TryPeek(out _, out var next) && next.Item1 <= end)
        {
            var action = _events.Dequeue();
            Now = next.Item1;
            action();
        }
    }

    private void Ask(CallPriority priority, bool losesAnswers)
    {
        var owner = $"{_order++}";
        if (State.Enter(limits, owner, priority, Now) is { } denied)
        {
            Denials.Add((Now, denied));
            At(denied.Until > Now ? denied.Until : Now.AddMilliseconds(1), () => Ask(priority, losesAnswers));
            return;
        }

        var sent = Now;
        Sent.Add(sent);
        xero.InFlight++;
        var there = Part();
        var back = Part();
        At(sent + there, () =>
        {
            var answer = xero.Count(Now);
            At(Now + back, () =>
            {
                xero.InFlight--;
                State.Leave(limits, owner, losesAnswers && random.Next(50) == 0 ? new LimitObservation(sent, Now) : answer(sent, Now));
                Ask(priority, losesAnswers);
            });
        });
    }

    private TimeSpan Part() => latency * (0.1 + (random.NextDouble() * 0.9));

    private void At(DateTimeOffset time, Action action) => _events.Enqueue(action, (time, _order++));
}
