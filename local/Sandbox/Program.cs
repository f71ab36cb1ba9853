using DataHealth.Local.Sandbox;
using DataHealth.Local.Sandbox.QuickBooks;
using DataHealth.Local.Sandbox.SignIn;

if (CommandLine.Read(args, out var options, out var quickBooks) is { } wrong)
{
    Console.Error.WriteLine(wrong);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

if (options is null)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

try
{
    await using var server = await SandboxServer.StartAsync(options);
    Console.WriteLine($"Xero sandbox at {server.BaseAddress.ToString().TrimEnd('/')}  (control API under /sandbox, described in docs/sandbox.md)");
    await using var second = quickBooks is null ? null : await QuickBooksServer.StartAsync(quickBooks);
    if (second is not null)
        Console.WriteLine($"QuickBooks sandbox at {second.BaseAddress.ToString().TrimEnd('/')}  (the same control API, of its own)");
    await using var signIn = await SignInServer.StartAsync(new SignInOptions { Port = options.SignInPort, RedirectUris = options.SignInRedirectUris });
    Console.WriteLine($"Sign-in sandbox at {signIn.BaseAddress.ToString().TrimEnd('/')}");
    await server.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (exception is IOException or InvalidDataException)
{
    Console.Error.WriteLine($"The sandbox cannot start: {exception.Message}");
    return 1;
}
