using System.Reflection;
using DataHealth.Functions.Composition;
using DataHealth.Functions.Orchestrations;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DataHealth.Azure.Tests;

public sealed class CompositionTests(AzuriteFixture azurite)
{
    private static readonly Assembly Functions = typeof(SyncRun).Assembly;

    [Fact]
    public void Every_function_and_middleware_can_be_made_by_the_real_worker()
    {
        using var host = DataHealthApplication.CreateBuilder(
        [
            $"--Storage:ConnectionString={azurite.ConnectionString}", "--Auth:Authority=https://login.example/", "--Auth:Audience=datahealth-api",
            "--Functions:Worker:HostEndpoint=http://localhost:1", "--Functions:Worker:WorkerId=worker", "--Functions:Worker:RequestId=request",
        ]).Build();
        using var scope = host.Services.CreateScope();

        host.Services.GetRequiredService<IStartupValidator>().Validate();
        var made = FunctionMethods().Select(method => method.DeclaringType!).Where(type => !type.IsAbstract).Distinct()
            .Select(type => ActivatorUtilities.CreateInstance(scope.ServiceProvider, type)).ToList();
        var middleware = Functions.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IFunctionsWorkerMiddleware)))
            .Select(type => scope.ServiceProvider.GetRequiredService(type)).ToList();

        made.Count.ShouldBeGreaterThan(10);
        middleware.Count.ShouldBeGreaterThan(3);
        host.Services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter.ShouldNotBeNull();
    }

    [Fact]
    public void Function_names_are_unique_and_such_as_the_host_takes()
    {
        var names = FunctionMethods().Select(method => method.GetCustomAttribute<FunctionAttribute>()!.Name).ToList();

        names.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(names.Count);
        names.ShouldAllBe(name => char.IsAsciiLetter(name[0]) && name.Length <= 127 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' || letter == '-'));
    }

    private static IEnumerable<MethodInfo> FunctionMethods() =>
        Functions.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(FunctionAttribute)));
}
