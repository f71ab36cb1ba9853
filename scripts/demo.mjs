// npm run demo: the story that the product exists for, as a person would see it in a terminal. Exit code 0 only if the copy equals the books.
// npm run demo -- --records N: the same with smaller books.
import { Stop, command, optionsOf } from './lib/tools.mjs';
import { addresses, isRunning, startStack } from './lib/stack.mjs';
import { Api, Sandbox, SignIn } from './lib/wire.mjs';
import { compare, table } from './lib/compare.mjs';
import { tellHealth, tellHealthAgain } from './lib/health.mjs';
import { QuickBooks, Xero } from './lib/providers.mjs';
import { Screen, clock } from './lib/screen.mjs';

const Member = 'mara'; // of Birch Accountants, here
const Person = 'Ada Birch'; // at the provider

const options = optionsOf({ records: { type: 'string' } });

command(async () => {
  if (options.records !== undefined && !/^[1-9]\d{0,5}$/.test(options.records))
    throw new Stop(`--records takes a number from 1 to 999999, not '${options.records}'.`);
  const at = addresses();
  const own = (await isRunning(at)) ? null : await startStack();
  const signals = ['SIGINT', 'SIGTERM'];
  const interrupted = new Promise((_, fail) => signals.forEach(name => process.once(name, () => fail(new Error('Stopped.')))));
  try {
    return await Promise.race([both(at), interrupted]);
  } finally {
    await own?.processes.stop();
  }
});

async function both(at) {
  const screen = new Screen();
  let code = 0;
  for (const provider of [Xero, QuickBooks])
    code ||= await story(provider, at, screen);
  return code;
}

async function story(provider, at, screen) {
  const api = new Api(at.api, await new SignIn(at.signIn).token(Member));
  const sandbox = new Sandbox(provider.sandbox(at));
  const records = Number(options.records ?? provider.records);
  const name = `Harbour Demo ${new Date().toISOString().slice(0, 19).replace('T', ' ')} Ltd`;

  screen.chapter(`A large company at the local ${provider.name}, and a short limit`);
  const organisation = await sandbox.post('organisations', { name, seed: Date.now() % 1_000_000, size: String(records) });
  const limit = await provider.shorten(sandbox, organisation);
  try {
    screen.say(`${name}: ${records.toLocaleString('en')} records. ${limit.words}`);

    screen.chapter('Connect');
    const client = await api.post('clients', { name });
    await connect(provider, api, sandbox, client, organisation, screen);
    await limited(api, client.id, screen);

    screen.chapter(`Ten records change in ${provider.name}; a person presses Sync`);
    const edits = await sandbox.post(`organisations/${organisation.tenantId}/edits/random`, { seed: 7, count: 10 });
    screen.say(`${edits.length} edits made.`);
    const pressed = await api.post(`clients/${client.id}/sync`);
    screen.say(pressed.words);
    await limited(api, client.id, screen);

    screen.chapter('Data Health: what the copy says of the books');
    const before = await tellHealth(api, client.id, screen);

    screen.chapter(`A bookkeeper puts some of it right in ${provider.name}; a person presses Sync`);
    const { byKind } = await sandbox.post(`organisations/${organisation.tenantId}/planted/mend`, { kinds: provider.mended });
    screen.say(`Put right: ${Object.entries(byKind).map(([kind, count]) => `${kind} ${count}`).join(', ')}.`);
    screen.say((await api.post(`clients/${client.id}/sync`)).words);
    await limited(api, client.id, screen);

    screen.chapter('Disconnect');
    const gone = await api.delete(`clients/${client.id}/connection`);
    screen.say(gone?.words ?? (await api.get(`clients/${client.id}/connection`)).words);

    screen.chapter('The data is still here. The copy beside the books, every field of every record');
    screen.say(`(but the few that ${provider.name} changes without telling: they follow within a week)`);
    const rows = await compare(provider, api, sandbox, client.id, organisation.tenantId, done => screen.progress('Comparing', done));
    screen.line(table(provider, rows));
    const equal = rows.every(row => row.equal === row.books && row.equal === row.copy);
    screen.say(equal ? 'Equal.' : 'NOT equal.');

    screen.chapter('Data Health, before and after');
    const moved = await tellHealthAgain(api, client.id, before, screen);
    if (!moved)
      screen.say('The work done did NOT raise the score.');
    return equal && moved ? 0 : 1;
  } finally {
    await limit.restore();
  }
}

async function connect(provider, api, sandbox, client, organisation, screen) {
  const { authorizeUrl } = await api.post(`clients/${client.id}/connections/${provider.key}`);
  screen.say(`The browser goes to ${new URL(authorizeUrl).origin}${new URL(authorizeUrl).pathname} …`);
  const { location } = await sandbox.post('authorize', { authorizeUrl, person: Person, organisations: [organisation.tenantId] });
  screen.say(`${Person} signs in there, chooses ${organisation.name ?? client.name} and presses Allow.`);
  const result = await api.resultOf(location);
  const consent = await api.post('connections/confirm', { result });
  if (consent.outcome !== 'connected')
    throw new Error(`Expected to be connected, but: ${consent.words}`);
  screen.say(consent.words);
}

// Follows the current run to its end, through every pause.
async function limited(api, clientId, screen) {
  let paused = null;
  for (const until = Date.now() + 20 * 60_000; Date.now() < until; await new Promise(done => setTimeout(done, 250))) {
    const run = await api.get(`clients/${clientId}/runs/current`);
    if (run.pause && paused !== run.pause.until) {
      paused = run.pause.until;
      screen.endProgress();
      screen.say(`PAUSED: ${run.words}`);
      screen.say(`         (goes on at ${clock(paused)}; no call is made until then)`);
    }
    if (!run.pause && paused !== null) {
      paused = null;
      screen.say('It goes on by itself.');
    }
    if (run.progress && !run.pause)
      screen.progress('Copying', run.progress.percent / 100, `${run.progress.recordsDone.toLocaleString('en')} of ${run.progress.recordsTotal.toLocaleString('en')} records, ${run.progress.calls} calls`);
    if (run.state === 'finished') {
      screen.endProgress();
      screen.say(run.words);
      if (run.outcome !== 'succeeded' && run.outcome !== 'succeededWithGaps')
        throw new Error(`The run ended as ${run.outcome}: ${run.error?.title ?? ''} ${run.error?.detail ?? ''}`);
      return run;
    }
  }
  throw new Error('The run did not end within 20 minutes.');
}
