using System.Reflection;
using DataHealth.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace DataHealth.Testing;

/// <summary>The tests of this class, one after the other, take minutes: they begin first, so that no processor idles at the end while the last of them runs alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TakesLongAttribute : Attribute;

/// <summary>Classes that take long, then the others, each in an order that does not change.</summary>
internal sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly HashSet<string> Long = [.. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsDefined(typeof(TakesLongAttribute))).Select(type => type.FullName!)];

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => !IsLong(collection.TestCollectionDisplayName)).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    // "Test collection for <class> (id: ...)"
    private static bool IsLong(string name) => name.Split(' ').Any(Long.Contains);
}
