// Our copy beside the sandbox's books: every field of every record.
import { createHash } from 'node:crypto';

/** One row a dataset: records in the books, in the copy, and how many of them are equal in every field. */
export async function compare(provider, api, sandbox, clientId, tenantId, progress) {
  const rows = [];
  const names = Object.keys(provider.collections);
  for (const [index, dataset] of names.entries()) {
    const [collection, id] = provider.collections[dataset];
    const books = new Map();
    for await (const record of sandbox.records(tenantId, collection))
      books.set(String(record[id]), digest(provider.silent[dataset], record));
    let copy = 0;
    let equal = 0;
    for await (const { record, isDeleted } of api.records(clientId, dataset)) {
      // Gone from the books without a trace there, and kept here for its history.
      if (isDeleted && !books.has(String(record[id])))
        continue;
      copy++;
      if (books.get(String(record[id])) === digest(provider.silent[dataset], record))
        equal++;
    }
    rows.push({ dataset, books: books.size, copy, equal });
    progress((index + 1) / names.length);
  }
  return rows;
}

export function table(provider, rows) {
  const total = rows.reduce((sum, row) => ({ dataset: 'all', books: sum.books + row.books, copy: sum.copy + row.copy, equal: sum.equal + row.equal }), { books: 0, copy: 0, equal: 0 });
  const line = (name, ...numbers) => `  ${String(name).padEnd(22)}${numbers.map(number => String(number).padStart(12)).join('')}`;
  return [
    line('dataset', `in ${provider.name}`, 'copied', 'equal'),
    ...[...rows, total].map(row => line(row.dataset, ...[row.books, row.copy, row.equal].map(number => number.toLocaleString('en'))) + (row.books === row.equal && row.copy === row.equal ? '' : '   <- differs')),
  ].join('\n');
}

function digest(silent, record) {
  const told = Object.fromEntries(Object.entries(record).filter(([name]) => !silent?.includes(name)));
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
