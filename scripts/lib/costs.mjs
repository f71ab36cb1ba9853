// The scale and cost model: what so many clients ask of each provider and each Azure service, what it costs, and which limit is met first. Pure; scripts/costs.mjs prints it.

/** What one client takes. Each number with where it is from; "assumed" is said where nothing was measured. */
export const inputs = {
  shareXero: { value: 0.7, from: 'assumed: the rest is QuickBooks Online' },
  records: { value: 20_000, from: 'assumed: a client of usual size' },
  recordBytes: { value: 1_000, from: 'decision 0301: 2 KB of JSON compressed, with keys and fields' },
  xeroCalls: { value: 20, from: 'docs/reliability.md, quiet weeks: 16 to 24 a day; facts 3.5' },
  xeroBytes: { value: 33_000, from: 'tests/EndToEnd/Costs, 27 November 2026: a sync with 20 edits, by its receipt' },
  xeroFirstBytesPerRecord: { value: 280, from: 'the same: 558,564 bytes for the first sync of 2,000 records' },
  quickBooksCalls: { value: 7.6, from: 'docs/reliability.md, quiet weeks: 8 6 7 7 7 7 11 a week\'s days' },
  fullPassCalls: { value: 22 / 7, from: 'decision on slow passes: each large dataset once a week; records / 1,000 + 2 calls over 7 days' },
  fullPassRows: { value: 4, from: 'assumed, LedgerWriter: of each record of a weekly full pass one head where records are looked up, up to eight where a page reads all heads of its dataset' },
  storageRequests: { value: 496, from: 'the same: counted on the wire, score included, task hub not' },
  durableActivities: { value: 35, from: 'a sync\'s datasets, plan, recalculation, end' },
  durableRequestsPerActivity: { value: 12, from: 'assumed: queue message put, got, deleted twice, history and instance rows, checkpoint' },
  vaultReads: { value: 2, from: 'a refresh reads the pair; another instance reads it once; at most, since clients of one Xero user share a grant' },
  vaultWrites: { value: 1, from: 'a refresh a day: an access token lives 30 or 60 minutes and a client is synced once a day' },
  runRowBytes: { value: 2 * 3_000 * 400, from: 'retention 400 days, a row of about 3 KB as the current one and in the history' },
  timelineBytes: { value: 40 * 300 * 90, from: 'retention 90 days, about 40 lines of 300 bytes' },
  mappedRecordsInBody: { value: 2_000, from: 'decision 0802: what a recalculation reads of what did not change, one row a request' },
  mappedBytes: { value: 125, from: 'decision 0802: a record as the checks read it, packed; measured over 60,000 records' },
  healthBytes: { value: 1_500 * 400 + 100_000, from: 'decision 0802: a point of 1.5 KB a day, and one version' },
  activeSeconds: { value: 15, from: 'assumed: a sync\'s share of an instance\'s active time is this, divided by what runs side by side' },
  sideBySide: { value: 5, from: 'assumed: syncs that share an active instance' },
  instanceGigabytes: { value: 2, from: 'infra: 2,048 MB' },
  logBytes: { value: 20_000, from: 'assumed: traces and logs of a sync, with Telemetry:SampleRatio well below its default of 1; all of them are several times as much' },
  peakHours: { value: 8, from: 'assumed: due times are 24 h after the last success; a practice that connects all its clients in an afternoon keeps them there' },
};

/** List prices, in US dollars unless said otherwise. They change: look them up again and set them here. */
export const prices = {
  lookedUp: '2026-11-27',
  tableGigabyteMonth: { value: 0.045, from: 'decision 0301 (list price, LRS; ZRS, GRS and prod\'s GZRS cost more)' },
  tableRequests10000: { value: 0.00036, from: 'decision 0301' },
  vaultOperations10000: { value: 0.03, from: 'assumed: list price of the standard tier' },
  flexGigabyteSecond: { value: 0.000026, from: 'a published guide of May 2025, East US, on demand, free grant not counted' },
  flexExecutionsMillion: { value: 0.4, from: 'the same' },
  logGigabyte: { value: 2.3, from: 'assumed: Log Analytics, pay as you go' },
  xeroTiersAud: {
    value: [
      { name: 'Starter', month: 0, connections: 5, gigabytes: 0 }, { name: 'Core', month: 35, connections: 50, gigabytes: 10 }, { name: 'Plus', month: 245, connections: 1_000, gigabytes: 50 },
      { name: 'Advanced', month: 1_445, connections: 10_000, gigabytes: 250 }, { name: 'Enterprise', month: null, connections: Infinity, gigabytes: 250 },
    ],
    from: 'facts 3.1, 3.4: since 2 March 2026; the largest by agreement',
  },
  xeroGigabyteAud: { value: 2.4, from: 'facts 3.4' },
  quickBooksTiers: {
    value: [
      { name: 'Builder', month: 0, reads: 500_000, more: null }, { name: 'Silver', month: 300, reads: 1_000_000, more: 3.5 }, { name: 'Gold', month: 1_700, reads: 10_000_000, more: null },
      { name: 'Platinum', month: 4_500, reads: 75_000_000, more: 0.25 },
    ],
    from: 'facts 7.2; more: for each 1,000 above',
  },
};

/** What each service takes at most. */
export const limits = {
  xeroAppMinute: { value: 9_000, from: 'facts 3.1: 10,000 a minute and app, of which decision on limits uses nine tenths' },
  xeroDay: { value: 5_000, from: 'facts 3.1: a day and organisation; 1,000 on the Starter tier' },
  tableEntities: { value: 20_000, from: 'facts 10: entities a second and account' },
  partitionEntities: { value: 2_000, from: 'facts 10: a second and partition; the timetable and the open runs are one each' },
  vaultReads: { value: 4_000, from: 'facts 10: in ten seconds and vault' },
  vaultWrites: { value: 300, from: 'design: secret writes in ten seconds and vault' },
  instances: { value: 100, from: 'infra: maximumInstanceCount; the plan allows 1,000' },
  backupRows: { value: 5_000 * 6 * 3600, from: 'assumed: a copy reads about 5,000 rows a second, in a night of 6 hours' },
};

const Days = 365 / 12;
const Gigabyte = 1e9;

/** Everything for so many clients. */
export function reckon(clients, { of = inputs, at = prices, most = limits } = {}) {
  const v = Object.fromEntries(Object.entries(of).map(([name, input]) => [name, input.value]));
  const xero = Math.round(clients * v.shareXero);
  const quickBooks = clients - xero;
  const peakSeconds = v.peakHours * 3600;
  const day = {
    xeroCalls: xero * (v.xeroCalls + v.fullPassCalls),
    xeroBytes: xero * (v.xeroBytes + (v.records * v.xeroFirstBytesPerRecord) / 7),
    quickBooksCalls: quickBooks * (v.quickBooksCalls + v.fullPassCalls),
    // The checks read what is kept of the copy, a body of 2,000 records a request; what changed since is among the other requests of a day.
    storageRequests: clients * (v.storageRequests + v.records / v.mappedRecordsInBody),
    // A row for each request, and besides the weekly full passes, which read the heads of all records by the thousand.
    entities: clients * (v.storageRequests + v.records / v.mappedRecordsInBody + (v.records * v.fullPassRows) / 7),
    durableRequests: clients * v.durableActivities * v.durableRequestsPerActivity,
    vaultReads: clients * v.vaultReads,
    vaultWrites: clients * v.vaultWrites,
    gigabyteSeconds: (clients * v.activeSeconds * v.instanceGigabytes) / v.sideBySide,
    executions: clients * v.durableActivities * 2,
    logBytes: clients * v.logBytes,
  };
  const stored = clients * (v.records * (v.recordBytes + v.mappedBytes) + v.runRowBytes + v.timelineBytes + v.healthBytes);
  const month = {
    xeroGigabytes: (day.xeroBytes * Days) / 2 ** 30,
    quickBooksReads: day.quickBooksCalls * Days,
  };
  const xeroTier = at.xeroTiersAud.value.find(tier => tier.connections >= xero);
  const quickBooksTier = cheapest(at.quickBooksTiers.value, month.quickBooksReads);
  const cost = {
    tables: (stored / Gigabyte) * at.tableGigabyteMonth.value + ((day.storageRequests * Days) / 10_000) * at.tableRequests10000.value,
    durable: ((day.durableRequests * Days) / 10_000) * at.tableRequests10000.value,
    vault: (((day.vaultReads + day.vaultWrites) * Days) / 10_000) * at.vaultOperations10000.value,
    functions: day.gigabyteSeconds * Days * at.flexGigabyteSecond.value + ((day.executions * Days) / 1e6) * at.flexExecutionsMillion.value,
    logs: ((day.logBytes * Days) / Gigabyte) * at.logGigabyte.value,
    xeroAud: xeroTier.month === null ? null : xeroTier.month + Math.max(0, month.xeroGigabytes - xeroTier.gigabytes) * at.xeroGigabyteAud.value,
    quickBooks: quickBooksTier.cost,
  };
  const azure = cost.tables + cost.durable + cost.vault + cost.functions + cost.logs;
  const used = [
    ['Xero calls a minute, whole app', day.xeroCalls / (peakSeconds / 60), most.xeroAppMinute.value, 'The app-wide budget paces all processes below it; a window of the night stops and goes on (CallGate, FanOut).'],
    ['Xero calls a day, one organisation', v.xeroCalls + v.records / 1000, most.xeroDay.value, 'A run that is refused pauses until the day\'s window begins and goes on from its checkpoint.'],
    ['Table rows a second, one account', day.entities / peakSeconds, most.tableEntities.value, 'Spread due times over the day; then a second storage account and app for some practices.'],
    ['Writes a second, timetable partition', (clients * 3) / peakSeconds, most.partitionEntities.value, 'One partition each for the timetable and the open runs, of a few rows a run.'],
    ['Vault reads in 10 s', (day.vaultReads / peakSeconds) * 10, most.vaultReads.value, 'Access tokens are kept in memory; the SDK waits when refused.'],
    ['Vault writes in 10 s', (day.vaultWrites / peakSeconds) * 10, most.vaultWrites.value, 'Clients of one Xero user share a grant; a second vault for some practices.'],
    ['Function instances', (clients * v.activeSeconds) / v.sideBySide / peakSeconds, most.instances.value, 'Raise maximumInstanceCount; the plan allows 1,000.'],
    ['Rows of a nightly full backup', clients * v.records, most.backupRows.value, 'A full backup once a week, deletions every hour; storage that is replicated to a second region (docs/operations.md).'],
  ].map(([what, need, limit, done]) => ({ what, need, limit, share: need / limit, done }));
  return { clients, xero, quickBooks, day, month, stored, xeroTier: xeroTier.name, quickBooksTier: quickBooksTier.name, cost, azure, used, first: used.reduce((one, other) => (other.share > one.share ? other : one)) };
}

function cheapest(tiers, reads) {
  return tiers
    .filter(tier => reads <= tier.reads || tier.more !== null)
    .map(tier => ({ name: tier.name, cost: tier.month + (Math.max(0, reads - tier.reads) / 1000) * (tier.more ?? 0) }))
    .reduce((one, other) => (other.cost < one.cost ? other : one));
}
