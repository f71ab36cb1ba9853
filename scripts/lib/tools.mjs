// What the commands share: finding the tools, running them, and saying in one sentence what is wrong.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Ends the command with one clear sentence. */
export class Stop extends Error {}

/** Runs main and turns a Stop into its sentence and exit code 1. */
export function command(main) {
  main().then(
    code => process.exit(code ?? 0),
    error => {
      console.error(error instanceof Stop ? `\n${error.message}` : error);
      process.exit(1);
    });
}

/** The command's own options, or a sentence that says which one it does not know. */
export function optionsOf(options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`\n${error.message.split('. ')[0]}. This command knows: ${Object.keys(options).map(name => `--${name}`).join(', ')}.`);
    process.exit(1);
  }
}

/** Node 20+ and the .NET 10 SDK, or a sentence that says what to install. */
export function requireTools() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Stop(`Node ${process.versions.node} is too old: install Node 20 or later (https://nodejs.org).`);
  let version;
  try {
    version = execFileSync('dotnet', ['--version'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    const missing = error.code === 'ENOENT' ? 'The dotnet command was not found' : 'No installed .NET SDK fits global.json';
    throw new Stop(`${missing}: install the .NET 10 SDK (https://dot.net/download) and open a new terminal.`);
  }
  if (Number(version.split('.')[0]) < 10)
    throw new Stop(`.NET SDK ${version} is too old: install the .NET 10 SDK (https://dot.net/download).`);
}

/** Installs the Node-side tools when they are missing or package-lock.json has changed since. */
export async function installNodeTools() {
  const stamp = join(root, 'node_modules', '.datahealth-lock');
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(join(root, 'node_modules', 'azurite')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash)
    return;
  console.log('Installing Azurite (once) …');
  await run('npm', ['ci', '--no-progress', '--loglevel=error'], { what: 'npm ci' });
  writeFileSync(stamp, hash);
}

/** Runs a command to its end with its output shown; a failure is a Stop. One that does not end within its minutes is killed, and its code is null. */
export async function run(file, args, { what = `${file} ${args.join(' ')}`, env, quiet = false, allowFailure = false, minutes } = {}) {
  const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'] });
  let late = false;
  const limit = minutes && setTimeout(() => { late = true; child.kill('SIGKILL'); }, minutes * 60_000);
  let output = '';
  child.stdout?.on('data', data => { output += data; });
  child.stderr?.on('data', data => { output += data; });
  const code = await new Promise((done, fail) => {
    child.on('error', error => fail(new Stop(`${what} could not be started: ${error.message}`)));
    const end = (exit, signal) => done(late ? null : signal ? 1 : exit);
    child.on('close', end);
    // Something that it started and left behind may hold its output open for ever.
    child.on('exit', (exit, signal) => setTimeout(end, 10_000, exit, signal).unref());
  });
  clearTimeout(limit);
  if (code !== 0 && !allowFailure) {
    if (quiet)
      console.error(output);
    throw new Stop(`${what} failed with exit code ${code}; its own words are above.`);
  }
  return { code, output };
}

/** Builds a project or the solution; quiet unless it fails. */
export async function build(target, configuration) {
  await run('dotnet', ['build', target, '-c', configuration, '-v', 'quiet', '--nologo'], { what: `Building ${target}`, quiet: true });
}

export function makeFolder(...parts) {
  const folder = join(root, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
