using DataHealth.Testing;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
