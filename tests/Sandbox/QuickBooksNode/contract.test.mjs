// Intuit's own Node client for OAuth, and the most used one for the API, as clients of the sandbox: consent, id_token by the published keys, refresh, queries, changes, reports, error shapes, revocation.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const OAuthClient = require('intuit-oauth');
const QuickBooks = require('node-quickbooks');

const at = process.env.QUICKBOOKS_SANDBOX;
let oauth, books, realm;

async function control(path, body, method = 'POST') {
  const answer = await fetch(`${at}/sandbox/${path}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

const call = (name, ...args) => promisify(books[name].bind(books))(...args);

before(async () => {
  await control('limits', { enforced: false }, 'PATCH');
  oauth = new OAuthClient({ clientId: 'sandbox-client', clientSecret: 'sandbox-secret', environment: 'production', redirectUri: 'http://localhost:7071/api/oauth/quickbooks/callback', includeRefreshTokenHardExpiresIn: true });
  oauth.setAuthorizeURLs({ authorizeEndpoint: `${at}/connect/oauth2`, tokenEndpoint: `${at}/oauth2/v1/tokens/bearer`, revokeEndpoint: `${at}/v2/oauth2/tokens/revoke`, userInfoEndpoint: `${at}/v1/openid_connect/userinfo` });
  OAuthClient.jwks_uri = `${at}/op/v1/jwks`;
  const authorizeUrl = oauth.authorizeUri({ scope: [OAuthClient.scopes.Accounting, OAuthClient.scopes.OpenId, OAuthClient.scopes.Profile, OAuthClient.scopes.Email], state: 'a-state' });
  const { location } = await control('authorize', { authorizeUrl, person: 'Ada Birch', organisations: ['Birch & Ash Ltd'] });
  await oauth.createToken(location);
  realm = oauth.getToken().realmId;
  books = new QuickBooks('sandbox-client', 'sandbox-secret', oauth.getToken().access_token, false, realm, false, false, 75, '2.0', oauth.getToken().refresh_token);
  books.endpoint = `${at}/v3/company/`;
});

after(async () => {
  await oauth.revoke();
  await assert.rejects(() => call('findTerms', {}), error => error.response.status === 401);
});

test('The id_token holds and names the app, and userinfo the person', async () => {
  assert.equal(await oauth.validateIdToken(), true);
  assert.equal((await oauth.getUserInfo()).json.email, 'ada.birch@example.com');
});

test('A refresh within a day keeps the value and tells both ends', async () => {
  const before = oauth.getToken().refresh_token;
  const { json } = await oauth.refresh();
  assert.equal(json.refresh_token, before);
  assert.ok(json.x_refresh_token_hard_expires_in > json.x_refresh_token_expires_in);
});

test('A wrong refresh token is an error with invalid_grant', async () => {
  await assert.rejects(() => oauth.refreshUsingToken('RT1-00-H0-nonsense'), error => /invalid_grant/.test(JSON.stringify([error.error, error.message, error.originalMessage])));
});

test('Lists are paged to their end and agree with the truth', async () => {
  for (const [find, entity] of [['findInvoices', 'Invoice'], ['findBills', 'Bill'], ['findPayments', 'Payment'], ['findPurchases', 'Purchase'], ['findJournalEntries', 'JournalEntry']]) {
    const { QueryResponse } = await call(find, [{ field: 'fetchAll', value: true }, { field: 'limit', value: 20 }, { field: 'asc', value: 'Id' }]);
    const { count } = await control(`organisations/${realm}/truth/${entity}`, undefined, 'GET');
    assert.equal(new Set(QueryResponse[entity].map(one => one.Id)).size, count, entity);
  }
});

test('Records, company and preferences can be read', async () => {
  const { QueryResponse } = await call('findCustomers', { limit: 1 });
  const [{ Id, DisplayName }] = QueryResponse.Customer;
  assert.equal((await call('getCustomer', Id)).DisplayName, DisplayName);
  assert.equal((await call('getCompanyInfo', realm)).CompanyName, 'Birch & Ash Ltd');
  assert.equal((await call('getPreferences')).CurrencyPrefs.HomeCurrency.value, 'GBP');
});

test('Changes and batches have Intuit\'s shape', async () => {
  const changed = await call('changeDataCapture', ['Invoice', 'Bill'], new Date(Date.now() - 3_600_000).toISOString());
  assert.ok(Array.isArray(changed.CDCResponse[0].QueryResponse));
  const batch = await call('batch', [{ bId: '1', Query: 'select count(*) from Invoice' }]);
  assert.ok(batch.BatchItemResponse[0].QueryResponse.totalCount > 0);
});

test('Reports have header, columns and rows', async () => {
  for (const name of ['reportTrialBalance', 'reportBalanceSheet', 'reportProfitAndLoss', 'reportTransactionList', 'reportAgedReceivableDetail', 'reportAgedPayableDetail']) {
    const report = await call(name, { start_date: '2026-04-01', end_date: '2026-11-23' });
    assert.ok(report.Header.ReportName && report.Columns.Column.length > 1 && report.Rows.Row.length > 0, name);
  }
});

test('Errors are told as Intuit tells them', async () => {
  await assert.rejects(() => call('getInvoice', '999999999'), error => error.response.data.Fault.Error[0].code === '610');
  await control('faults', { kind: 'rateLimited', count: 1 });
  await assert.rejects(() => call('findTerms', {}), error => error.response.status === 429);
});
