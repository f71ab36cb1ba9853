using System.Reflection;
using DataHealth.Local.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Runtime.Tests.Discovery;

public sealed class FunctionEntryTests
{
    [Fact]
    public void The_trigger_is_known_by_its_place_also_where_reflection_gives_another_object_for_it()
    {
        var method = typeof(FunctionEntryTests).GetMethod(nameof(Tick), BindingFlags.NonPublic | BindingFlags.Static)!;

        var entry = new FunctionEntry("Tick", FunctionKind.Timer, method, new AnotherObject(method.GetParameters()[1]), new TimerTriggerAttribute("0 * * * * *"));

        entry.Parameters.Select(entry.IsTrigger).ShouldBe([false, true]);
        FunctionSignature.Errors(entry).ShouldNotContain(error => error.Contains("'timer'"));
    }

    private static bool Tick(FunctionContext context, [TimerTrigger("0 * * * * *")] TimerInfo timer) => context is null || timer.IsPastDue;

    // What a second thread may get for the same parameter.
    private sealed class AnotherObject : ParameterInfo
    {
        public AnotherObject(ParameterInfo same) => (ClassImpl, NameImpl, PositionImpl) = (same.ParameterType, same.Name, same.Position);
    }
}
