// npm run test:sdk: runs Xero's own Node SDK against the sandbox (tests/Sandbox/XeroNode). Not part of npm test, which needs nothing but Azurite from npm.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Processes } from './lib/processes.mjs';
import { build, command, makeFolder, requireTools, root, run } from './lib/tools.mjs';

const folder = join(root, 'tests', 'Sandbox', 'XeroNode');

async function freePort() {
  return new Promise(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

command(async () => {
  requireTools();
  if (!existsSync(join(folder, 'node_modules', 'xero-node'))) {
    console.log('Installing xero-node (once) …');
    await run('npm', ['ci', '--prefix', folder, '--no-progress', '--loglevel=error'], { what: 'npm ci' });
  }
  console.log('Building …');
  await build('local/Sandbox', 'Debug');

  const sandbox = `http://localhost:${await freePort()}`;
  const processes = new Processes(makeFolder('TestResults'));
  try {
    const entry = processes.start('sdk-sandbox', 'dotnet', [join(root, 'local', 'Sandbox', 'bin', 'Debug', 'net10.0', 'DataHealth.Local.Sandbox.dll'), '--port', new URL(sandbox).port]);
    await processes.answers(entry, `${sandbox}/.well-known/openid-configuration`);
    const { code } = await run(process.execPath, ['--test', join(folder, 'contract.test.mjs')], { what: 'The contract test', env: { SANDBOX: sandbox }, allowFailure: true });
    return code;
  } finally {
    await processes.stop();
  }
});
