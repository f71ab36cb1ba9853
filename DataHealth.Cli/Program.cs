using DataHealth.Cli;

return await CommandLine.RunAsync(args, new Surroundings(Console.Out, Console.Error, Environment.GetEnvironmentVariable));
