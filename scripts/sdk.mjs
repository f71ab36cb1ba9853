// npm run test:sdk: runs the providers' Node SDKs against the sandboxes (tests/Sandbox/XeroNode and QuickBooksNode). Not part of npm test, which needs nothing but Azurite from npm.
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { Processes } from './lib/processes.mjs';
import { build, command, makeFolder, requireTools, root, run } from './lib/tools.mjs';

const suites = ['XeroNode', 'QuickBooksNode'].map(name => join(root, 'tests', 'Sandbox', name));

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
  for (const folder of suites.filter(suite => !existsSync(join(suite, 'node_modules')))) {
    console.log(`Installing the SDKs of ${basename(folder)} (once) …`);
    await run('npm', ['ci', '--prefix', folder, '--no-progress', '--loglevel=error'], { what: 'npm ci' });
  }
  console.log('Building …');
  await build('local/Sandbox', 'Debug');

  const sandbox = `http://localhost:${await freePort()}`;
  const quickBooks = `http://localhost:${await freePort()}`;
  const processes = new Processes(makeFolder('TestResults'));
  try {
    const entry = processes.start('sdk-sandbox', 'dotnet', [join(root, 'local', 'Sandbox', 'bin', 'Debug', 'net10.0', 'DataHealth.Local.Sandbox.dll'), '--port', new URL(sandbox).port,
      '--quickbooks-port', new URL(quickBooks).port]);
    await processes.answers(entry, `${sandbox}/.well-known/openid-configuration`);
    await processes.answers(entry, `${quickBooks}/.well-known/openid_configuration`);
    const { code } = await run(process.execPath, ['--test', ...suites.map(suite => join(suite, 'contract.test.mjs'))],
      { what: 'The contract test', env: { SANDBOX: sandbox, QUICKBOOKS_SANDBOX: quickBooks }, allowFailure: true });
    return code;
  } finally {
    await processes.stop();
  }
});
