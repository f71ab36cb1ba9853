using DataHealth.Infra.Tests.Compiler;

[assembly: AssemblyFixture(typeof(Deployments))]
