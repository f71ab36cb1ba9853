using System.Text.Json;
using DataHealth.Functions.Http.About;

namespace DataHealth.Functions.Tests.Matrix;

/// <summary>Every endpoint × every role × own client, another client of the practice, another practice's.</summary>
public sealed class MatrixTests(MatrixStage stage, ITestOutputHelper output) : IClassFixture<MatrixStage>
{
    private static readonly string[] ClientTargets = ["own", "otherClient", "otherPractice"];
    private static readonly string[] MemberTargets = ["own", "otherPractice"];

    public static TheoryData<int, string> Rows() => [.. Expectation.All.Select((row, index) => (index, row.ToString()))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Promise_7_everyone_is_answered_as_the_matrix_says(int index, string row)
    {
        List<string> wrong = [];
        foreach (var (caller, expected) in Expectation.All[index].Answers)
        {
            using var answer = await stage.SendAsync(Expectation.All[index], caller);
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (WhatIsWrong(expected, (int)answer.StatusCode, answer, body) is { } words)
                wrong.Add($"{caller}: {words}");
        }

        wrong.ShouldBeEmpty(row);
    }

    [Fact]
    public void Every_endpoint_has_its_rows_and_there_are_no_others()
    {
        var wanted = new RouteTable().Entries.SelectMany(entry => Targets(entry.Route).Select(target => $"{entry.Method} {entry.Route} {target}"));

        var there = Expectation.All.Select(row => $"{row.Method} {row.Path} {row.Owner}");

        there.Order().ShouldBe(wanted.Order(), "every endpoint needs its rows in tests/Functions/Matrix/expectations.csv");
        output.WriteLine($"{Expectation.All.Count} rows × {Expectation.All[0].Answers.Count} callers = {Expectation.All.Count * Expectation.All[0].Answers.Count} cases");
    }

    private static string[] Targets(string route) =>
        route.Contains("{clientId}", StringComparison.Ordinal) ? ClientTargets : route.Contains("{memberId}", StringComparison.Ordinal) || route.Contains("{deletionId}", StringComparison.Ordinal) ? MemberTargets : ["-"];

    private static string? WhatIsWrong(string expected, int status, HttpResponseMessage answer, string body)
    {
        var parts = expected.Split(':');
        if ($"{status}" != parts[0])
            return $"{status} instead of {expected}: {body}";
        // Providers' webhooks are answered without a body, as they ask for.
        if (status < 400 || answer.RequestMessage!.RequestUri!.AbsolutePath.Contains("/webhooks/", StringComparison.Ordinal))
            return null;
        var problem = JsonElement.Parse(body);
        var code = problem.GetProperty("type").GetString()!.Split('/')[^1];
        // What may not be seen must not tell itself apart from what does not exist; what may not be done says who can.
        return parts.Length == 2 && code != parts[1] ? $"{code} instead of {parts[1]}"
            : expected == "404" && answer.RequestMessage!.RequestUri!.AbsolutePath.Contains("/clients/", StringComparison.Ordinal) && code is not ("client-not-found" or "member-not-found") ? $"{code} tells that the client exists"
            : code == "not-allowed" && !problem.GetProperty("detail").GetString()!.Contains("can do it", StringComparison.Ordinal) ? "does not say who can"
            : null;
    }
}
