using DataHealth.Functions.Composition;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.AddDataHealth();
using var host = builder.Build();
// Before the host looks itself: it would log the same with a stack trace, in which the sentence is hard to find.
if (StartFault.Of(host.Services) is { } fault)
{
    await Console.Error.WriteLineAsync(fault);
    return 1;
}
await host.RunAsync();
return 0;
