// Our copy beside the sandbox's books: every field of every record.
import { createHash } from 'node:crypto';

// Our datasets and the collections that hold the same records. The reports and the split lists have no list of records to compare with.
export const Collections = {
  organisation: ['Organisation', 'OrganisationID'], users: ['Users', 'UserID'], accounts: ['Accounts', 'AccountID'], 'tax-rates': ['TaxRates', 'TaxType'],
  'tracking-categories': ['TrackingCategories', 'TrackingCategoryID'], currencies: ['Currencies', 'Code'], items: ['Items', 'ItemID'],
  contacts: ['Contacts', 'ContactID'], invoices: ['Invoices', 'InvoiceID'], 'credit-notes': ['CreditNotes', 'CreditNoteID'],
  overpayments: ['Overpayments', 'OverpaymentID'], prepayments: ['Prepayments', 'PrepaymentID'], payments: ['Payments', 'PaymentID'],
  'batch-payments': ['BatchPayments', 'BatchPaymentID'], 'bank-transactions': ['BankTransactions', 'BankTransactionID'],
  'bank-transfers': ['BankTransfers', 'BankTransferID'], 'manual-journals': ['ManualJournals', 'ManualJournalID'],
  'repeating-invoices': ['RepeatingInvoices', 'RepeatingInvoiceID'], assets: ['Assets', 'assetId'], 'asset-types': ['AssetTypes', 'assetTypeId'],
};

// Xero changes these without moving UpdatedDateUTC, so no incremental reader can know them at once: the weekly full pass brings them.
const Silent = { contacts: ['Balances', 'IsSupplier', 'IsCustomer'], invoices: ['DueDate', 'DueDateString', 'SentToContact'], 'bank-transactions': ['IsReconciled'], payments: ['IsReconciled'] };

/** One row a dataset: records in the books, in the copy, and how many of them are equal in every field. */
export async function compare(api, sandbox, clientId, tenantId, progress) {
  const rows = [];
  const names = Object.keys(Collections);
  for (const [index, dataset] of names.entries()) {
    const [collection, id] = Collections[dataset];
    const books = new Map();
    for await (const record of sandbox.records(tenantId, collection))
      books.set(String(record[id]), digest(dataset, record));
    let copy = 0;
    let equal = 0;
    for await (const { record } of api.records(clientId, dataset)) {
      copy++;
      if (books.get(String(record[id])) === digest(dataset, record))
        equal++;
    }
    rows.push({ dataset, books: books.size, copy, equal });
    progress((index + 1) / names.length);
  }
  return rows;
}

export function table(rows) {
  const total = rows.reduce((sum, row) => ({ dataset: 'all', books: sum.books + row.books, copy: sum.copy + row.copy, equal: sum.equal + row.equal }), { books: 0, copy: 0, equal: 0 });
  const line = (name, ...numbers) => `  ${String(name).padEnd(22)}${numbers.map(number => String(number).padStart(12)).join('')}`;
  return [
    line('dataset', 'in Xero', 'copied', 'equal'),
    ...[...rows, total].map(row => line(row.dataset, ...[row.books, row.copy, row.equal].map(number => number.toLocaleString('en'))) + (row.books === row.equal && row.copy === row.equal ? '' : '   <- differs')),
  ].join('\n');
}

function digest(dataset, record) {
  const told = Object.fromEntries(Object.entries(record).filter(([name]) => !Silent[dataset]?.includes(name)));
  return createHash('sha1').update(JSON.stringify(canonical(told))).digest('base64');
}

// One spelling for all spellings (docs/sandbox.md): keys in order, nothing for null, /Date(ms)/ as ISO.
function canonical(value) {
  if (Array.isArray(value))
    return value.map(canonical);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, canonical(inner)]));
  const date = typeof value === 'string' && /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value);
  return date ? new Date(Number(date[1])).toISOString() : value;
}
