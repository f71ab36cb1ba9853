using System.Globalization;
using DataHealth.Benchmarks;

const string Usage = "Usage: sync [--records 60000] | memory [--records 300000] | health [--records 240000]";
if (args is not [("sync" or "memory" or "health") and var name, .. var rest] || (rest is not [] && rest is not ["--records", _]))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

if (!int.TryParse(rest is [_, var text] ? text : name switch { "sync" => "60000", "health" => "240000", _ => "300000" }, NumberStyles.None, CultureInfo.InvariantCulture, out var records) || records < 1_000)
{
    Console.Error.WriteLine("--records must be a number from 1000.");
    return 2;
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(30));
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var reached = await (name switch
{
    "sync" => SyncBenchmark.RunAsync(records, stop.Token),
    "health" => HealthBenchmark.RunAsync(records, stop.Token),
    _ => MemoryBenchmark.RunAsync(records, stop.Token),
});
return reached ? 0 : 1;
