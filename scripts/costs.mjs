// npm run costs: what 100, 10,000 and 100,000 clients (or --clients N) take and cost, and which limit is met first. The numbers that it stands on are in scripts/lib/costs.mjs.
import { Stop, command, optionsOf } from './lib/tools.mjs';
import { inputs, limits, prices, reckon } from './lib/costs.mjs';

const options = optionsOf({ clients: { type: 'string', multiple: true }, json: { type: 'boolean', default: false }, inputs: { type: 'boolean', default: false } });

command(async () => {
  const sizes = (options.clients ?? ['100', '10000', '100000']).map(text => {
    if (!/^[1-9]\d{0,7}$/.test(text))
      throw new Stop(`--clients is a number from 1, not '${text}'.`);
    return Number(text);
  });
  const all = sizes.map(size => reckon(size));
  if (options.json) {
    console.log(JSON.stringify(all, null, 2));
    return 0;
  }
  if (options.inputs) {
    for (const [title, block] of [['Taken by a client and day', inputs], ['Prices', prices], ['Limits', limits]])
      print(title, ['', '', 'from'], Object.entries(block).map(([name, one]) => [name, show(one.value ?? one), one.from ?? '']));
    return 0;
  }
  const columns = ['', ...all.map(one => `${number(one.clients)} clients`)];
  const row = (what, of) => [what, ...all.map(of)];
  print('A day', columns, [
    row('Xero clients', one => number(one.xero)),
    row('QuickBooks clients', one => number(one.quickBooks)),
    row('Xero calls', one => number(one.day.xeroCalls)),
    row('QuickBooks calls', one => number(one.day.quickBooksCalls)),
    row('table requests of ours', one => number(one.day.storageRequests)),
    row('requests of the task hub', one => number(one.day.durableRequests)),
    row('vault reads / writes', one => `${number(one.day.vaultReads)} / ${number(one.day.vaultWrites)}`),
    row('functions, GB-s', one => number(one.day.gigabyteSeconds)),
  ]);
  print('Held', columns, [row('tables, GB', one => number(one.stored / 1e9)), row('Xero egress a month, GiB', one => number(one.month.xeroGigabytes)), row('QuickBooks reads a month', one => number(one.month.quickBooksReads))]);
  print(`A month, by list prices of ${prices.lookedUp} (USD; Xero AUD)`, columns, [
    row('tables', one => money(one.cost.tables)), row('task hub', one => money(one.cost.durable)), row('vault', one => money(one.cost.vault)), row('functions', one => money(one.cost.functions)),
    row('logs', one => money(one.cost.logs)), row('Azure in all', one => money(one.azure)), row('  a client', one => money(one.azure / one.clients)),
    row('Xero', one => `${one.xeroTier}: ${one.cost.xeroAud === null ? 'by agreement' : `AUD ${money(one.cost.xeroAud)}`}`), row('QuickBooks', one => `${one.quickBooksTier}: ${money(one.cost.quickBooks)}`),
  ]);
  print(`Of each limit, with all syncs in ${inputs.peakHours.value} hours`, ['', ...columns.slice(1), 'at'], all[0].used.map((limit, n) => [limit.what, ...all.map(one => percent(one.used[n].share)), number(limit.limit)]));
  for (const one of all)
    console.log(`${number(one.clients)} clients: first met is "${one.first.what}" (${percent(one.first.share)}). ${one.first.done}`);
  return 0;
});

function print(title, columns, rows) {
  const widths = columns.map((column, n) => Math.max(column.length, ...rows.map(row => row[n].length)));
  const line = cells => cells.map((cell, n) => (n === 0 || columns[n] === 'from' ? cell.padEnd(widths[n]) : cell.padStart(widths[n]))).join('  ').trimEnd();
  console.log(`${title}\n${line(columns)}\n${rows.map(line).join('\n')}\n`);
}

function show(value) {
  return Array.isArray(value) ? value.map(one => Object.values(one).join(' ')).join('; ') : typeof value === 'number' ? String(value) : `${value}`;
}

function number(value) {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function money(value) {
  return value.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 4 : 2 });
}

function percent(share) {
  return `${(share * 100).toLocaleString('en-GB', { maximumFractionDigits: share < 0.1 ? 2 : 0 })} %`;
}
