using System.Reflection;
using System.Security.Cryptography;
using DataHealth.Local.Runtime.Hosting;
using DataHealth.Testing;
using Microsoft.Azure.Functions.Worker;

namespace DataHealth.Functions.Tests.ApiSurface;

/// <summary>The Azure build cannot be compiled everywhere; here is what keeps a signature from being invented.</summary>
public sealed class ApiSurfaceTests
{
    private static readonly Assembly Runtime = typeof(FunctionContext).Assembly;

    private static readonly string FactsPath = Path.Combine(Repository.Root, "tests", "Functions", "ApiSurface", "functions-api.md");

    private static readonly ApiFacts Facts = ApiFacts.Read(FactsPath);

    [Fact]
    public void The_facts_are_as_they_were_taken_from_the_published_packages() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(FactsPath))).ShouldBe("da31a7c48df11a51172ac9ae57688921217e664fb52379bda63fdd7364b69c74");

    [Fact]
    public void The_functions_use_nothing_that_the_published_packages_lack()
    {
        var used = UsedApi.Of(Assembly.Load("DataHealth.Functions"), Runtime);

        used.Select(type => type.Key.Name).ShouldContain("FunctionsApplicationBuilder");
        UnknownUses(used).ShouldBeEmpty();
    }

    [Fact]
    public void The_local_runtime_declares_nothing_that_the_published_packages_lack()
    {
        var declared = Runtime.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true).ToList();

        declared.Count.ShouldBeGreaterThan(30);
        declared.SelectMany(type => Facts.Unknown(type, SignatureText.Lines(type))).ShouldBeEmpty();
    }

    [Fact]
    public void The_local_runtime_shows_nothing_of_its_own() =>
        Runtime.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) != true).ShouldBeEmpty();

    [Fact]
    public void A_planted_declaration_that_differs_is_found()
    {
        var found = new[] { typeof(Microsoft.Azure.Functions.Worker.Http.IHttpCookie), typeof(InventedAttribute), typeof(FixedDelayRetryAttribute) }
            .SelectMany(type => Facts.Unknown(type, SignatureText.Lines(type)));

        found.ShouldBe(
        [
            "Microsoft.Azure.Functions.Worker.Http.IHttpCookie: string Domain { get; }",
            "Microsoft.Azure.Functions.Worker.Http.IHttpCookie: string Value { get; set; }",
            "Microsoft.Azure.Functions.Worker.InventedAttribute: the type itself",
            "Microsoft.Azure.Functions.Worker.FixedDelayRetryAttribute: [AttributeUsage(Method, AllowMultiple=False, Inherited=True)]",
            "Microsoft.Azure.Functions.Worker.FixedDelayRetryAttribute: public sealed class FixedDelayRetryAttribute : Attribute",
            "Microsoft.Azure.Functions.Worker.FixedDelayRetryAttribute: public FixedDelayRetryAttribute(int maxRetries, string delayInterval = \"1\")",
        ], ignoreOrder: true);
    }

    [Fact]
    public void A_planted_use_of_something_else_is_found()
    {
        // This assembly calls a member that only our runtime has.
        Func<Microsoft.Extensions.Hosting.IHost, Uri> planted = LocalFunctionsApplication.Address;

        var found = UnknownUses(UsedApi.Of(planted.Method.DeclaringType!.Assembly == Runtime ? GetType().Assembly : Runtime, Runtime));

        found.ShouldContain("DataHealth.Local.Runtime.Hosting.LocalFunctionsApplication: the type itself");
    }

    private static List<string> UnknownUses(ILookup<Type, MemberInfo> used) =>
        [.. used.SelectMany(uses => Facts.Unknown(uses.Key, uses.Key.IsSubclassOf(typeof(Delegate))
            ? SignatureText.Lines(uses.Key)
            : uses.Where(member => !SignatureText.IsOfEveryRecord(member)).Select(Line)))];

    private static string Line(MemberInfo member) =>
        member is Type type ? ApiFacts.Header(SignatureText.Header(type)) : SignatureText.Line(member) ?? $"{member} (not public)";
}
