// node --test scripts/lib/costs.test.mjs: the arithmetic of the cost model against a case that was worked by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputs, limits, prices, reckon } from './costs.mjs';

const of = Object.fromEntries(Object.entries({
  shareXero: 0.6, records: 7_000, recordBytes: 900, mappedBytes: 100, mappedRecordsInBody: 1_000, xeroCalls: 20, xeroBytes: 50_000, xeroFirstBytesPerRecord: 100, quickBooksCalls: 8, fullPassCalls: 2, fullPassRows: 3, storageRequests: 393,
  durableActivities: 30, durableRequestsPerActivity: 10, vaultReads: 2, vaultWrites: 1, runRowBytes: 2_000_000, timelineBytes: 500_000, healthBytes: 500_000, activeSeconds: 12, sideBySide: 4,
  instanceGigabytes: 2, logBytes: 10_000, peakHours: 10,
}).map(([name, value]) => [name, { value }]));

test('a case worked by hand: 1,000 clients', () => {
  const got = reckon(1_000, { of });

  assert.deepEqual([got.xero, got.quickBooks], [600, 400]);
  assert.equal(got.day.xeroCalls, 600 * 22);
  assert.equal(got.day.quickBooksCalls, 400 * 10);
  assert.equal(got.day.xeroBytes, 600 * 150_000, '50,000 of changes, and a seventh of 7,000 x 100');
  assert.equal(got.day.storageRequests, 400_000, '393 + 7 a client');
  assert.equal(got.day.durableRequests, 300_000);
  assert.deepEqual([got.day.vaultReads, got.day.vaultWrites], [2_000, 1_000]);
  assert.equal(got.day.gigabyteSeconds, 6_000, '1,000 x 12 s x 2 GB / 4');
  assert.equal(got.stored, 1_000 * 10_000_000);
  // 30.4166 days a month.
  near(got.month.xeroGigabytes, (90_000_000 * 30.4166667) / 1_073_741_824);
  near(got.month.quickBooksReads, 121_666.67);
  near(got.cost.tables, 10 * 0.045 + 1_216.66667 * 0.00036);
  near(got.cost.vault, 9.125 * 0.03);
  near(got.cost.functions, 182_500 * 0.000026 + 1.825 * 0.4);
  near(got.cost.xeroAud, 245, '600 connections are Plus, and 2.5 GiB are within its 50');
  assert.deepEqual([got.xeroTier, got.quickBooksTier, got.cost.quickBooks], ['Plus', 'Builder', 0]);
  const share = Object.fromEntries(got.used.map(one => [one.what, one.share]));
  near(share['Xero calls a minute, whole app'], 22 / 9_000, '13,200 calls in 600 minutes');
  near(share['Table rows a second, one account'], 3_400_000 / 36_000 / 20_000, '400 requests of a row, and 3 rows of each of 7,000 records once a week');
  near(share['Vault writes in 10 s'], (1_000 / 36_000) * 10 / 300);
  assert.equal(got.first.share, Math.max(...got.used.map(one => one.share)));
});

test('the tier that is cheapest for so many reads is taken, with what goes beyond it', () => {
  // 10 reads a day: 100,000 clients of whom 40 % are QuickBooks' are 12.17 million a month: more than Gold, which has no price beyond.
  const got = reckon(100_000, { of });
  assert.deepEqual([got.quickBooksTier, got.cost.quickBooks], ['Platinum', 4_500]);
  // 1.2 million: Silver with 200,000 beyond (about 760 dollars more) is cheaper than Gold.
  const silver = reckon(10_000, { of });
  assert.equal(silver.quickBooksTier, 'Silver');
  near(silver.cost.quickBooks, 300 + (1_216_666.667 - 1_000_000) / 1_000 * 3.5);
});

test('every number says where it is from', () => {
  for (const [name, one] of Object.entries({ ...inputs, ...prices, ...limits }).filter(([name]) => name !== 'lookedUp'))
    assert.ok(one.from?.length > 5 && one.value !== undefined, name);
});

function near(got, wanted, why) {
  assert.ok(Math.abs(got - wanted) <= Math.abs(wanted) * 1e-6, `${why ?? ''} ${got} is not ${wanted}`);
}
