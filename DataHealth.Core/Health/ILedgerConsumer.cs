using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health;

/// <summary>Something other than a check that wants the records of a pass over the books: whoever needs them rides along, and no dataset is read twice.</summary>
internal interface ILedgerConsumer
{
    /// <summary>The parts that it wants.</summary>
    IReadOnlySet<LedgerPart> Reads { get; }

    /// <summary>Before the first record.</summary>
    /// <param name="chart">Fills up before the first document comes.</param>
    /// <param name="capabilities">What these books can tell.</param>
    /// <param name="coverage">How far each dataset is copied.</param>
    void Begin(Chart chart, IReadOnlySet<Capability> capabilities, IReadOnlyList<DatasetCoverage> coverage);

    /// <summary>Takes in a record, of any part: others may have asked for more. The order within a part makes no difference.</summary>
    void Take(LedgerRecord record);
}
