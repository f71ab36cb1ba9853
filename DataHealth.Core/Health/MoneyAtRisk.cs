using DataHealth.Core.Ledger;

namespace DataHealth.Core.Health;

/// <summary>The sum of what findings put at risk, without counting a record twice.</summary>
public static class MoneyAtRisk
{
    /// <summary>
    /// Base currency, with tax. A record that several findings name counts once, at its largest; a finding whose amount is not that of its records (a balance, a difference) counts by itself.
    /// </summary>
    public static decimal Total(IEnumerable<Finding> findings)
    {
        var byRecord = new Dictionary<RecordRef, decimal>();
        var apart = 0m;
        foreach (var finding in findings.Where(finding => finding.Money is not null))
        {
            // A finding's money is shared out over its records, the first of which carry it.
            var rest = finding.Money!.Value;
            foreach (var evidence in finding.Evidence.Where(evidence => evidence.Amount is not null))
            {
                var share = Math.Min(rest, Math.Abs(evidence.Amount!.Value));
                rest -= share;
                byRecord[evidence.Record] = Math.Max(share, byRecord.GetValueOrDefault(evidence.Record));
            }
            apart += rest;
        }
        return byRecord.Values.Sum() + apart;
    }
}
