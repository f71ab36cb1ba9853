// The processes of the local stack: started in groups of their own, watched, and stopped in order.
import { spawn } from 'node:child_process';
import { closeSync, createWriteStream, existsSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Stop, root } from './tools.mjs';

/** Fails with a sentence when somebody already listens on one of the ports. */
export async function requireFreePorts(ports) {
  for (const [what, { port, setting }] of Object.entries(ports)) {
    const free = await new Promise(done => {
      const server = createServer();
      server.once('error', () => done(false));
      server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
    });
    if (!free)
      throw new Stop(`Port ${port}, wanted for ${what}, is in use. Stop what uses it (another npm start?), or choose another: ${setting}=<port> npm start`);
  }
}

/** Fails with a sentence when Azurite's saved store cannot be read: Azurite itself would go on with an empty one. */
export function requireReadableStore(folder) {
  if (!existsSync(folder))
    return;
  for (const name of readdirSync(folder).filter(file => file.endsWith('.json'))) {
    const file = join(folder, name);
    if (!looksWhole(file))
      throw new Stop(`The data file ${file.slice(root.length + 1)} is damaged. Restore it from a copy, or start afresh with: npm run reset`);
  }
}

// A whole parse for small files; for large ones the two ends, since a torn write shows there.
function looksWhole(file) {
  const { size } = statSync(file);
  if (size === 0)
    return false;
  if (size < 64 * 1024 * 1024) {
    try {
      JSON.parse(readFileSync(file, 'utf8'));
      return true;
    } catch {
      return false;
    }
  }
  const handle = openSync(file, 'r');
  try {
    const ends = Buffer.alloc(2);
    readSync(handle, ends, 0, 1, 0);
    readSync(handle, ends, 1, 1, size - 1);
    return ends.toString() === '{}';
  } finally {
    closeSync(handle);
  }
}

/** A set of started processes. The first one that ends by itself ends the set. */
export class Processes {
  #children = [];
  #stopping = false;

  constructor(logs) {
    this.logs = logs;
    this.ended = new Promise(done => { this.#onEnded = done; });
  }

  #onEnded;

  /** Starts a process whose output goes to a log file. */
  start(name, file, args, env = {}) {
    const log = join(this.logs, `${name}.log`);
    const output = createWriteStream(log);
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop the parts in order.
    const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    const entry = { name, child, log, exited: null };
    entry.exit = new Promise(done => {
      child.on('error', error => { entry.exited = error.message; done(); });
      child.on('close', (code, signal) => { entry.exited = signal ?? `code ${code}`; output.end(); done(); });
    });
    entry.exit.then(() => { if (!this.#stopping) this.#onEnded(entry); });
    this.#children.push(entry);
    writeFileSync(join(this.logs, 'pids.json'), JSON.stringify(Object.fromEntries(this.#children.map(c => [c.name, c.child.pid]))));
    return entry;
  }

  /** Waits until an address answers with success; fails with the log's last lines when the process ends or the time is over. */
  async answers(entry, address, seconds = 90) {
    const until = Date.now() + seconds * 1000;
    while (Date.now() < until) {
      if (entry.exited !== null)
        throw new Stop(this.explain(entry));
      try {
        const answer = await fetch(address, { signal: AbortSignal.timeout(5000) });
        await answer.arrayBuffer();
        if (answer.status < 500)
          return;
      } catch {
        // Not listening yet.
      }
      await new Promise(done => setTimeout(done, 150));
    }
    throw new Stop(`${entry.name} did not answer at ${address} within ${seconds} s. Its log: ${entry.log.slice(root.length + 1)}`);
  }

  explain(entry) {
    const lines = existsSync(entry.log) ? readFileSync(entry.log, 'utf8').trimEnd().split('\n').slice(-15).join('\n') : '';
    return `${lines}\n\nThe ${entry.name} process ended by itself (${entry.exited}). Its last lines are above; the whole log: ${entry.log.slice(root.length + 1)}`;
  }

  /** Stops what was started, last first, each by SIGTERM and after 20 s by force. */
  async stop() {
    this.#stopping = true;
    for (const { child, exited, exit } of [...this.#children].reverse()) {
      if (exited !== null)
        continue;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await exit;
      clearTimeout(timer);
    }
    rmSync(join(this.logs, 'pids.json'), { force: true });
  }
}
