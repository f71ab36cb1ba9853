using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Health.Scoring;
using DataHealth.Core.Ledger;
using DataHealth.Core.Providers;

namespace DataHealth.Core.Health.Checks;

/// <summary>
/// What changed behind the lock. Remembers a hash and the amounts of each record that is dated on or before the lock, from when the lock was first seen: no provider tells when a document was made
/// or what it was before. Grows with the records of the closed past.
/// </summary>
internal sealed class ClosedPeriodChanges : HealthCheck<ClosedPeriodChanges.Rules>
{
    public override string Key => "closed-period-changes";

    public override string Title => "Closed-period changes";

    public override string Explanation =>
        "Records dated on or before the lock that were made, changed, voided or deleted since we first saw the lock, those that change tax first; and account balances at the lock that moved, also where no document shows why.";

    public override IReadOnlySet<Capability> Needs { get; } = Set(Capability.LockDates);

    public override IReadOnlySet<LedgerPart> Reads { get; } = Set(LedgerPart.Documents, LedgerPart.Payments, LedgerPart.BankEntries, LedgerPart.Transfers, LedgerPart.Journals, LedgerPart.Balances);

    protected override ICheckRun Start(CheckContext context, Rules settings) => new Run(context, settings);

    /// <summary>Settings.</summary>
    internal sealed record Rules(
        [property: Setting("Closed to", "A filing date to guard instead of the lock; left open: the lock.")]
        DateOnly? ClosedTo = null) : CheckSettings
    {
        public Rules()
            : this((DateOnly?)null)
        {
        }
    }

    /// <summary>The closed past as it was first seen.</summary>
    /// <param name="Closed">Guarded up to here.</param>
    /// <param name="Since">First seen by the run of this day.</param>
    /// <param name="Records">By kind and id, in this order: the same books are remembered in the same words.</param>
    /// <param name="Balances">By account, at the closing day.</param>
    internal sealed record Guarded(DateOnly Closed, DateOnly Since, Dictionary<string, Entry> Records, SortedDictionary<string, decimal> Balances);

    /// <summary>A record as it was.</summary>
    /// <param name="H">Hash of what it posts.</param>
    /// <param name="D">Its date.</param>
    /// <param name="G">Gross, base currency.</param>
    /// <param name="T">Tax, base currency.</param>
    /// <param name="N">How people know it.</param>
    internal sealed record Entry([property: JsonConverter(typeof(HashText))] ulong H, DateOnly D, decimal G, decimal T, string N)
    {
        /// <summary>It was met in this run.</summary>
        [JsonIgnore]
        public bool IsThere { get; set; }
    }

    /// <summary>16 hexadecimal digits: as a number it would be rounded by whoever reads an export by JavaScript's numbers.</summary>
    private sealed class HashText : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ulong.Parse(reader.GetString()!, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));

        public static string Text(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private sealed class Run(CheckContext context, Rules rules) : ICheckRun
    {
        private readonly Guarded? _before = context.Memory is { } memory ? JsonSerializer.Deserialize<Guarded>(memory, Json) : null;

        // What is not as it was: nothing is held of the many that are.
        private readonly List<(RecordRef Ref, Entry Then, Entry Now)> _changed = [];
        private readonly Dictionary<string, Entry> _new = new(StringComparer.Ordinal);
        private DateOnly? _closed;
        private bool _isKnown;

        public void Take(LedgerRecord record)
        {
            if (Closed() is not { } closed)
                return;
            var until = _before is { Closed: var former } && former > closed ? former : closed;
            if (Posted(record) is not (var date, var gross, var tax) || date > until)
                return;
            var (id, hash) = (RecordRef.Of(record), Fingerprint.Of(record));
            var key = id.ToString();
            var then = _before?.Records.GetValueOrDefault(key);
            if (then is not null)
                then.IsThere = true;
            if (then?.H == hash)
                return;
            var now = new Entry(hash, date, Money.Round(gross), Money.Round(tax), Name(record));
            if (then is null)
                _new[key] = now;
            else
                _changed.Add((id, then, now));
        }

        public CheckOutcome Finish()
        {
            if (Closed() is not { } closed)
                return new CheckOutcome.NotApplicable("Nothing is closed: there is no lock.");
            var findings = new List<Finding>();
            var records = _before?.Records ?? new(StringComparer.Ordinal);
            var balances = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
            var guarded = _before?.Closed ?? DateOnly.MinValue;
            if (_before is not null)
            {
                foreach (var (key, then) in records.Where(one => !one.Value.IsThere))
                    findings.Add(Found("gone", Ref(key), then, null, $"{then.N} of {Money.Text(then.D)}, {Money.Text(then.G)}, was voided, deleted or moved out of the closed time."));
                foreach (var (id, then, now) in _changed)
                    findings.Add(Found("changed", id, then, now, Change(then, now)));
                foreach (var (key, now) in _new.Where(one => one.Value.D <= guarded))
                    findings.Add(Found("made", Ref(key), null, now, $"{now.N} of {Money.Text(now.D)}, {Money.Text(now.G)}, was made or moved into the closed time."));
                Moved(findings, balances);
            }

            // What the lock has closed since is guarded from now on, as it is now.
            var closedSince = _new.Where(one => one.Value.D > guarded).ToList();
            if (closedSince.Count > 0)
                records = records.Concat(closedSince).OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var closing = closed > guarded ? closed : guarded;
            if (closing != guarded)
            {
                balances.Clear();
                foreach (var account in context.Chart.Accounts)
                {
                    if (context.Chart.Balances.Balance(account.Id, closing) is { } amount)
                        balances[account.Id] = amount;
                }
            }
            // What is guarded is as it was first seen: where nothing was added the same words stand for it.
            var isAsBefore = _before is not null && closedSince.Count == 0 && closing == guarded;
            return new CheckOutcome.Checked(new PopulationMeasure(records.Count, PopulationMeasure.OfTransactions), findings)
            {
                Memory = isAsBefore ? context.Memory : JsonSerializer.Serialize(new Guarded(closing, _before?.Since ?? context.ReportingDate, records, balances), Json),
            };
        }

        private void Moved(List<Finding> findings, SortedDictionary<string, decimal> balances)
        {
            foreach (var (id, then) in _before!.Balances)
            {
                balances[id] = then;
                if (context.Chart.Account(id) is { } account && context.Chart.Balances.Balance(account.Id, _before.Closed) is { } now && now != then)
                {
                    findings.Add(context.Find("balance", [id, $"{_before.Closed:yyyy-MM-dd}"], Severity.Warning,
                        $"{Chart.Name(account)} had {Money.Text(then)} at {Money.Text(_before.Closed)}, and has {Money.Text(now)} now.", [Evidence.Of(account, _before.Closed, now)], now - then) with
                    { IsScored = false });
                }
            }
        }

        private Finding Found(string rule, RecordRef record, Entry? then, Entry? now, string text)
        {
            var known = now ?? then!;
            var tax = (now?.T ?? 0m) - (then?.T ?? 0m);
            return context.Find(rule, [record.ToString()], tax != 0m ? Severity.Error : Severity.Warning, text + (tax != 0m ? $" Tax changes by {Money.Text(tax)}." : "") + $" Watched since {Money.Text(_before!.Since)}.",
                [new Evidence(record, known.N, known.D, known.G) { Print = Fingerprint.Of([Text(then), Text(now)]) }], Math.Max(Math.Abs((now?.G ?? 0m) - (then?.G ?? 0m)), Math.Abs(tax)));
        }

        private static string Change(Entry then, Entry now) =>
            then.G != now.G ? $"{now.N}: {Money.Text(then.G)} became {Money.Text(now.G)}."
            : then.D != now.D ? $"{now.N}: {Money.Text(then.D)} became {Money.Text(now.D)}."
            : $"{now.N}: the lines of {Money.Text(now.G)} were coded anew.";

        private DateOnly? Closed()
        {
            if (!_isKnown)
            {
                var organisation = context.Chart.Organisation;
                _closed = rules.ClosedTo ?? (organisation.PeriodLock > organisation.YearEndLock ? organisation.PeriodLock : organisation.YearEndLock ?? organisation.PeriodLock) ?? _before?.Closed;
                _isKnown = true;
            }
            return _closed;
        }

        private static (DateOnly Date, decimal Gross, decimal Tax)? Posted(LedgerRecord record) => record switch
        {
            LedgerJournal { Date: { } date } journal when journal.Status.IsInTheAccounts() => (date, journal.Lines.Where(line => line.Net > 0m).Sum(line => line.Net), journal.Lines.Sum(line => line.Tax ?? 0m)),
            LedgerPayment { Date: { } date } payment when payment.Status.IsInTheAccounts() => (date, ToBase(payment.Amount, payment.CurrencyRate), 0m),
            // The tax of an over- or prepayment is told by the money that made it.
            LedgerDocument { Date: { } date } document when document.Status.IsInTheAccounts() =>
                (date, ToBase(document.Gross, document.CurrencyRate), document.Kind.IsAdvance() ? 0m : ToBase(document.Tax, document.CurrencyRate) * (document.Kind.IsCredit() ? -1m : 1m)),
            LedgerBankEntry { Date: { } date } entry when entry.Status.IsInTheAccounts() => (date, ToBase(entry.Gross, entry.CurrencyRate), ToBase(entry.Tax, entry.CurrencyRate)),
            LedgerTransfer { Date: { } date } transfer when transfer.Status.IsInTheAccounts() => (date, ToBase(transfer.Amount, transfer.CurrencyRate ?? 1m), 0m),
            _ => null,
        };

        private static string Name(LedgerRecord record) => record switch
        {
            LedgerDocument document => $"{(document.Number is { Length: > 0 } number ? number : document.Id)} {document.ContactName}".Trim(),
            LedgerBankEntry entry => $"{RecordWords.Of(entry)} {entry.ContactName}".Trim(),
            _ => RecordWords.Of(record),
        };

        private static string? Text(Entry? entry) => entry is null ? null : HashText.Text(entry.H);

        private static decimal ToBase(decimal amount, decimal rate) => rate == 0m ? amount : amount / rate;

        private static RecordRef Ref(string key) => key.IndexOf(':', StringComparison.Ordinal) is var cut ? new RecordRef(Enum.Parse<RecordKind>(key[..cut]), key[(cut + 1)..]) : default;
    }
}
