// Xero's own Node SDK as a client of the sandbox: sign-in with its id_token checks, every read that the sandbox knows, its error shapes, disconnect and revocation.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

const require = createRequire(import.meta.url);
require('./hosts.cjs');
const { XeroClient } = require('xero-node');

const scopes = ('openid profile email offline_access accounting.invoices.read accounting.payments.read accounting.banktransactions.read accounting.manualjournals.read '
  + 'accounting.settings.read accounting.contacts.read accounting.attachments.read accounting.reports.trialbalance.read accounting.reports.balancesheet.read '
  + 'accounting.reports.profitandloss.read accounting.reports.banksummary.read accounting.reports.aged.read assets.read').split(' ');
const app = { clientId: 'sandbox-client', clientSecret: 'sandbox-secret' };
const since = new Date('2020-01-01T00:00:00Z');
const no = undefined;
let xero, books, tenant, contact, invoices;

async function control(path, body, method = 'POST') {
  const answer = await fetch(process.env.SANDBOX + '/sandbox/' + path, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** What an SDK call came to when it failed: the SDK throws a JSON text. */
async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return typeof error === 'string' ? JSON.parse(error).response : error.response;
  }
  throw new assert.AssertionError({ message: 'The call was expected to fail.' });
}

before(async () => {
  await control('limits', { enforced: false }, 'PATCH');
  xero = new XeroClient({ ...app, redirectUris: ['http://localhost:7071/api/oauth/xero/callback'], scopes, state: 'a-state' });
  await xero.initialize();
  const { location } = await control('authorize', { authorizeUrl: await xero.buildConsentUrl(), person: 'Ada Birch', organisations: ['Birch & Ash Ltd'] });
  // Checks state, signature by the published keys, issuer, audience, at_hash and times.
  await xero.apiCallback(location);
  [{ tenantId: tenant }] = await xero.updateTenants();
  books = xero.accountingApi;
  invoices = (await books.getInvoices(tenant, since, 'Type=="ACCREC"', 'InvoiceID ASC', no, no, no, no, 1, true, false, 4, false, 10)).body.invoices;
  contact = invoices[0].contact.contactID;
});

after(async () => {
  await xero.disconnect((await xero.updateTenants(false))[0].id);
  await xero.revokeToken();
});

test('The consent names the user, and the tenant is its organisation', () => {
  const claims = xero.readTokenSet().claims();
  assert.equal(claims.iss, 'https://identity.xero.com');
  assert.equal(claims.email, 'ada.birch@example.com');
  assert.equal(xero.tenants[0].orgData.organisationID, tenant);
  assert.equal(xero.tenants[0].orgData.name, 'Birch & Ash Ltd');
});

test('Both ways of refreshing work', async () => {
  await xero.refreshToken();
  await xero.refreshWithRefreshToken(app.clientId, app.clientSecret, xero.readTokenSet().refresh_token);
  assert.ok(xero.readTokenSet().refresh_token);
});

test('An app signs in for itself', async () => {
  const self = new XeroClient({ ...app, grantType: 'client_credentials', scopes: ['app.connections'] });
  assert.equal((await self.getClientCredentialsToken()).token_type, 'Bearer');
});

const lists = {
  organisations: () => books.getOrganisations(tenant),
  actions: () => books.getOrganisationActions(tenant),
  users: () => books.getUsers(tenant, since, 'IsSubscriber==true', 'LastName ASC'),
  accounts: () => books.getAccounts(tenant, since, 'Status=="ACTIVE" AND Type=="BANK"', 'Name ASC'),
  taxRates: () => books.getTaxRates(tenant, 'Status=="ACTIVE"', 'Name ASC'),
  trackingCategories: () => books.getTrackingCategories(tenant, 'Status=="ACTIVE"', 'Name ASC', true),
  currencies: () => books.getCurrencies(tenant, 'Code=="GBP"', 'Code ASC'),
  items: () => books.getItems(tenant, since, 'IsSold==true', 'Code ASC', 4),
  contacts: () => books.getContacts(tenant, since, 'ContactStatus=="ACTIVE"', 'Name ASC', no, 1, true, false, no, 50),
  invoices: () => books.getInvoices(tenant, since, 'Date >= DateTime(2020, 01, 01) && Contact.Name.ToLower().Contains("a")', 'UpdatedDateUTC DESC', no, no, no, ['PAID', 'AUTHORISED'], 1, true, false, 4, false, 100),
  creditNotes: () => books.getCreditNotes(tenant, since, no, 'CreditNoteNumber ASC', 1, 4, 10),
  payments: () => books.getPayments(tenant, since, 'Status=="AUTHORISED"', 'Amount ASC', 1, 10),
  batchPayments: () => books.getBatchPayments(tenant, since, 'Status=="AUTHORISED"', 'Date ASC'),
  bankTransactions: () => books.getBankTransactions(tenant, since, 'Status=="AUTHORISED"', 'Type ASC', 1, 4, 10),
  bankTransfers: () => books.getBankTransfers(tenant, since, no, 'Amount ASC', true),
  manualJournals: () => books.getManualJournals(tenant, since, 'Status=="POSTED"', 'Date ASC', 1, 10),
  repeatingInvoices: () => books.getRepeatingInvoices(tenant, 'Status=="AUTHORISED"', 'Total ASC'),
  items_of_the_register: () => xero.assetApi.getAssets(tenant, 'REGISTERED', 1, 5, 'AssetName', 'asc', 'o'),
};
for (const [name, read] of Object.entries(lists))
  test(`The list of ${name.replaceAll('_', ' ')} is read into the SDK's types`, async () => {
    const { body } = await read();
    const records = body[name.split('_')[0]];
    assert.ok(records.length > 0);
    for (const date of ['date', 'dueDate', 'updatedDateUTC', 'createdDateUTC'].filter(field => records[0][field] !== undefined))
      assert.ok(!Number.isNaN(new Date(records[0][date]).getTime()), `${date} is a date`);
  });

test('Empty kinds are empty lists', async () => {
  assert.deepEqual((await books.getOverpayments(tenant, since, no, 'Date ASC', 1, 4, 10)).body.overpayments, []);
  assert.deepEqual((await books.getPrepayments(tenant, since, no, 'Date ASC', 1, 4, 10)).body.prepayments, []);
});

test('Lists of ids, numbers, contacts and statuses choose what they name', async () => {
  const three = invoices.slice(0, 3);
  const read = async (...choice) => (await books.getInvoices(tenant, no, no, no, ...choice)).body.invoices;
  assert.equal((await read(three.map(one => one.invoiceID))).length, 3);
  assert.equal((await read(no, three.map(one => one.invoiceNumber))).length, 3);
  assert.ok((await read(no, no, [contact])).every(one => one.contact.contactID === contact));
  assert.ok((await read(no, no, no, ['PAID'])).every(one => one.status === 'PAID'));
});

test('One record is read by its id, with its lines and sums as numbers', async () => {
  const { body } = await books.getInvoice(tenant, invoices[0].invoiceID, 4);
  const [one] = body.invoices;
  const sum = one.lineItems.reduce((total, line) => total + line.lineAmount + (one.lineAmountTypes === 'Exclusive' ? line.taxAmount : 0), 0);
  assert.equal(sum.toFixed(2), one.total.toFixed(2));
  assert.deepEqual((await books.getInvoiceHistory(tenant, one.invoiceID)).body.historyRecords, []);
  assert.deepEqual((await books.getInvoiceAttachments(tenant, one.invoiceID)).body.attachments, []);
  assert.equal((await books.getContact(tenant, contact)).body.contacts[0].contactID, contact);
});

test('Reports are trees of rows', async () => {
  for (const read of [
    () => books.getReportTrialBalance(tenant, '2026-10-31', true), () => books.getReportBalanceSheet(tenant, '2026-10-31', 3, 'MONTH'),
    () => books.getReportProfitAndLoss(tenant, '2026-10-01', '2026-10-31', 3, 'MONTH'), () => books.getReportBankSummary(tenant, '2026-10-01', '2026-10-31'),
    () => books.getReportAgedReceivablesByContact(tenant, contact, '2026-10-31'), () => books.getReportAgedPayablesByContact(tenant, contact, '2026-10-31'),
  ]) {
    const [report] = (await read()).body.reports;
    assert.equal(report.rows[0].rowType, 'Header');
    assert.ok(report.rows.some(row => row.rowType === 'Section'));
  }
});

test('The register of assets has its types and settings', async () => {
  const { body } = await xero.assetApi.getAssets(tenant, 'REGISTERED');
  assert.equal((await xero.assetApi.getAssetById(tenant, body.items[0].assetId)).body.assetStatus, 'Registered');
  assert.ok((await xero.assetApi.getAssetTypes(tenant)).body.some(type => type.assetTypeId === body.items[0].assetTypeId));
  assert.ok((await xero.assetApi.getAssetSettings(tenant)).body.assetStartDate);
});

test('Refusals have the status and body that the SDK hands on', async () => {
  const query = await refusal(() => books.getInvoices(tenant, no, 'Nope=='));
  assert.deepEqual([query.statusCode, query.body.Type], [400, 'QueryParseException']);
  assert.equal((await refusal(() => books.getInvoice(tenant, '00000000-0000-4000-8000-000000000000'))).statusCode, 404);
  const stranger = await refusal(() => books.getInvoices('00000000-0000-4000-8000-000000000000'));
  assert.deepEqual([stranger.statusCode, stranger.body.Detail], [403, 'AuthenticationUnsuccessful']);
  const scope = await refusal(() => books.getJournals(tenant));
  assert.deepEqual([scope.statusCode, scope.headers['www-authenticate']], [401, 'insufficient_scope']);
  assert.equal((await refusal(() => books.createContacts(tenant, { contacts: [{ name: 'X' }] }))).statusCode, 501);
});

test('A limit is a 429 with its headers', async () => {
  await control('faults', { kind: 'rateLimited', problem: 'day', retryAfter: 41230, count: 1 });
  const limited = await refusal(() => books.getOrganisations(tenant));
  assert.deepEqual([limited.statusCode, limited.headers['x-rate-limit-problem'], limited.headers['retry-after']], [429, 'day', '41230']);
});
