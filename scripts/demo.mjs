// npm run demo: the story that the product exists for, as a person would see it in a terminal. Exit code 0 only if the copy equals the books.
import { command } from './lib/tools.mjs';
import { addresses, isRunning, startStack } from './lib/stack.mjs';
import { Api, Sandbox, SignIn } from './lib/wire.mjs';
import { compare, table } from './lib/compare.mjs';
import { Screen, clock } from './lib/screen.mjs';

const Member = 'mara'; // of Birch Accountants, here
const Person = 'Ada Birch'; // at Xero
const Records = 60_000;
const DaySeconds = 45;

command(async () => {
  const at = addresses();
  const own = (await isRunning(at)) ? null : await startStack();
  const signals = ['SIGINT', 'SIGTERM'];
  const interrupted = new Promise((_, fail) => signals.forEach(name => process.once(name, () => fail(new Error('Stopped.')))));
  try {
    return await Promise.race([story(at), interrupted]);
  } finally {
    await own?.processes.stop();
  }
});

async function story(at) {
  const api = new Api(at.api, await new SignIn(at.signIn).token(Member));
  const sandbox = new Sandbox(at.sandbox);
  const screen = new Screen();
  const name = `Harbour Demo ${new Date().toISOString().slice(0, 19).replace('T', ' ')} Ltd`;

  screen.chapter('A large organisation at the local Xero, and a short day');
  const organisation = await sandbox.post('organisations', { name, seed: Date.now() % 1_000_000, size: String(Records) });
  const limits = await sandbox.get('limits');
  try {
    await sandbox.patch('limits', { daySeconds: DaySeconds });
    await sandbox.put(`limits/tenants/${organisation.tenantId}`, { day: 45, minute: 1000 });
    screen.say(`${name}: ${Records.toLocaleString('en')} records. Xero gives our app 45 calls a "day", and a day here lasts ${DaySeconds} seconds.`);

    screen.chapter('Connect');
    const client = await api.post('clients', { name });
    await connect(api, sandbox, client, organisation, screen);
    await limited(api, client.id, screen);

    screen.chapter('Ten records change in Xero; a person presses Sync');
    const edits = await sandbox.post(`organisations/${organisation.tenantId}/edits/random`, { seed: 7, count: 10 });
    screen.say(`${edits.length} edits made.`);
    const pressed = await api.post(`clients/${client.id}/sync`);
    screen.say(pressed.words);
    await limited(api, client.id, screen);

    screen.chapter('Disconnect');
    const gone = await api.delete(`clients/${client.id}/connection`);
    screen.say(gone?.words ?? (await api.get(`clients/${client.id}/connection`)).words);

    screen.chapter('The data is still here. The copy beside the books, every field of every record');
    screen.say('(but the few that Xero changes without telling: they follow within a week)');
    const rows = await compare(api, sandbox, client.id, organisation.tenantId, done => screen.progress('Comparing', done));
    screen.line(table(rows));
    const equal = rows.every(row => row.equal === row.books && row.equal === row.copy);
    screen.say(equal ? 'Equal.' : 'NOT equal.');
    return equal ? 0 : 1;
  } finally {
    await sandbox.patch('limits', { daySeconds: limits.daySeconds });
    await sandbox.delete(`limits/tenants/${organisation.tenantId}`);
  }
}

async function connect(api, sandbox, client, organisation, screen) {
  const { authorizeUrl } = await api.post(`clients/${client.id}/connections/xero`);
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
