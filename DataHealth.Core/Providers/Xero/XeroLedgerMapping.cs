using DataHealth.Core.Ledger;

namespace DataHealth.Core.Providers.Xero;

/// <summary>What Xero's records mean in our ledger (table in <c>docs/ledger.md</c>).</summary>
public sealed class XeroLedgerMapping : ILedgerMapping
{
    /// <inheritdoc />
    public IReadOnlyList<LedgerRecord> Map(Dataset dataset, string id, ReadOnlySpan<byte> json) => throw new NotImplementedException();
}
