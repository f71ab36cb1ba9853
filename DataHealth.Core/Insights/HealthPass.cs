using DataHealth.Core.Health;
using DataHealth.Core.Health.Checks;

namespace DataHealth.Core.Insights;

/// <summary>One pass over a client's books for the checks and the insights together: no dataset is read twice.</summary>
public sealed class HealthPass
{
    private readonly HealthEngine _engine;

    /// <summary>A pass that is not measured.</summary>
    public HealthPass()
        : this(null)
    {
    }

    internal HealthPass(HealthMetrics? metrics) => _engine = new() { Metrics = metrics };

    /// <summary>Judges books and gathers their insights.</summary>
    /// <param name="books">The books.</param>
    /// <param name="request">By what; its reporting date is the insights' too.</param>
    /// <param name="settings">What the books do not say.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    /// <exception cref="InvalidDataException">Stored settings of a check are not what it understands.</exception>
    public async Task<(HealthResult Health, ClientInsights Insights)> RunAsync(ILedgerReader books, HealthRequest request, InsightSettings settings, CancellationToken cancellationToken)
    {
        var pass = new InsightsPass(request.ReportingDate, settings, FiledReturnDrift.LastFiled(request, request.ReportingDate));
        var health = await _engine.RunAsync(books, request, [pass], cancellationToken);
        return (health, pass.Finish());
    }

    /// <summary>Gathers the insights alone: the same numbers, without a check.</summary>
    /// <param name="books">The books.</param>
    /// <param name="request">Its reporting date and its settings of filed returns.</param>
    /// <param name="settings">What the books do not say.</param>
    /// <param name="cancellationToken">Stops between records.</param>
    public async Task<ClientInsights> InsightsAsync(ILedgerReader books, HealthRequest request, InsightSettings settings, CancellationToken cancellationToken) =>
        (await RunAsync(books, request with { Only = new HashSet<string>() }, settings, cancellationToken)).Insights;
}
