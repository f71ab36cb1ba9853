// The local stack: Azurite, the sandboxes that play Xero and QuickBooks, and the functions, with the settings that make them one product.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Stop, build, installNodeTools, requireTools, root } from './tools.mjs';
import { FirstSupport, foundPractices } from './people.mjs';
import { Sandbox } from './wire.mjs';
import { Processes, requireFreePorts, requireReadableStore } from './processes.mjs';

// The tests run what they have built already, and name it.
const Built = process.env.DATAHEALTH_BUILT;
const Configuration = Built ?? 'Release';

// Azurite's published development account; not a secret.
const Account = 'devstoreaccount1';
const Key = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function addresses(env = process.env) {
  const port = (name, standard) => {
    const text = env[name] ?? String(standard);
    if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535)
      throw new Stop(`${name} is a port from 1 to 65535, not '${text}'.`);
    return Number(text);
  };
  const ports = {
    functions: { port: port('DATAHEALTH_PORT', 7071), setting: 'DATAHEALTH_PORT' },
    sandbox: { port: port('DATAHEALTH_SANDBOX_PORT', 7080), setting: 'DATAHEALTH_SANDBOX_PORT' },
    'QuickBooks sandbox': { port: port('DATAHEALTH_QUICKBOOKS_PORT', 7081), setting: 'DATAHEALTH_QUICKBOOKS_PORT' },
    'sign-in': { port: port('DATAHEALTH_SIGNIN_PORT', 7090), setting: 'DATAHEALTH_SIGNIN_PORT' },
    'Azurite blobs': { port: port('DATAHEALTH_BLOB_PORT', 10000), setting: 'DATAHEALTH_BLOB_PORT' },
    'Azurite queues': { port: port('DATAHEALTH_QUEUE_PORT', 10001), setting: 'DATAHEALTH_QUEUE_PORT' },
    'Azurite tables': { port: port('DATAHEALTH_TABLE_PORT', 10002), setting: 'DATAHEALTH_TABLE_PORT' },
  };
  return {
    ports,
    api: `http://localhost:${ports.functions.port}/api`,
    sandbox: `http://localhost:${ports.sandbox.port}`,
    quickBooks: `http://localhost:${ports['QuickBooks sandbox'].port}`,
    signIn: `http://localhost:${ports['sign-in'].port}`,
    data: env.DATAHEALTH_DATA ?? join(root, '.data'),
  };
}

/** The connection string of the stack's Azurite. */
export function storage({ ports }) {
  const at = name => `http://127.0.0.1:${ports[name].port}/${Account}`;
  return `DefaultEndpointsProtocol=http;AccountName=${Account};AccountKey=${Key};BlobEndpoint=${at('Azurite blobs')};`
    + `QueueEndpoint=${at('Azurite queues')};TableEndpoint=${at('Azurite tables')};`;
}

/** The functions' settings for this machine; anything already in the environment wins. */
export function settings(at) {
  return {
    AzureWebJobsStorage: storage(at),
    LocalRuntime__Port: String(at.ports.functions.port),
    Storage__ConnectionString: storage(at),
    Vault__LocalFolder: join(at.data, 'vault'),
    Connections__CallbackBaseUri: at.api,
    Auth__Authority: at.signIn,
    Auth__Audience: 'datahealth-api',
    Members__FirstSupportEmail: FirstSupport,
    Xero__ClientId: 'sandbox-client',
    Xero__ClientSecret: 'sandbox-secret',
    Xero__WebhookKey: 'local-webhook-key',
    Xero__LoginUri: at.sandbox,
    Xero__IdentityUri: at.sandbox,
    Xero__ApiUri: at.sandbox,
    QuickBooks__ClientId: 'sandbox-client',
    QuickBooks__ClientSecret: 'sandbox-secret',
    QuickBooks__WebhookVerifierToken: 'local-verifier-token',
    QuickBooks__AuthorizeUri: at.quickBooks,
    QuickBooks__TokenUri: at.quickBooks,
    QuickBooks__RevokeUri: at.quickBooks,
    QuickBooks__ApiUri: at.quickBooks,
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(AzureWebJobsStorage|LocalRuntime__|Storage__|Vault__|Xero__|QuickBooks__|Sync__|Web__|Connections__|Auth__|Members__|RateLimits__)/.test(name))),
  };
}

/** Installs and builds what is missing, starts the parts in order and returns when each answers. */
export async function startStack({ say = console.log } = {}) {
  requireTools();
  const at = addresses();
  await requireFreePorts(at.ports);
  const azuriteData = join(at.data, 'azurite');
  requireReadableStore(azuriteData);
  await installNodeTools();
  if (Built === undefined) {
    say('Building … (the first time this takes a few minutes)');
    await build('DataHealth.Functions', Configuration);
    await build('local/Sandbox', Configuration);
  }

  for (const folder of ['azurite', 'sandbox', 'vault', 'logs'])
    mkdirSync(join(at.data, folder), { recursive: true });
  const processes = new Processes(join(at.data, 'logs'));
  try {
    say('Starting Azurite, the Xero and QuickBooks sandboxes and the functions …');
    const azurite = processes.start('azurite', process.execPath, [
      join(root, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js'), '--silent', '--skipApiVersionCheck', '--disableTelemetry', '--location', azuriteData,
      '--blobPort', String(at.ports['Azurite blobs'].port), '--queuePort', String(at.ports['Azurite queues'].port), '--tablePort', String(at.ports['Azurite tables'].port)]);
    const sandbox = processes.start('sandbox', 'dotnet', [program('local/Sandbox', 'DataHealth.Local.Sandbox'),
      '--port', String(at.ports.sandbox.port), '--sign-in-port', String(at.ports['sign-in'].port), '--data', join(at.data, 'sandbox'), '--redirect-uri', `${at.api}/oauth/xero/callback`,
      '--quickbooks-port', String(at.ports['QuickBooks sandbox'].port), '--quickbooks-redirect-uri', `${at.api}/oauth/quickbooks/callback`]);
    await processes.answers(azurite, `http://127.0.0.1:${at.ports['Azurite tables'].port}/`);
    await processes.answers(sandbox, `${at.sandbox}/.well-known/openid-configuration`);
    await processes.answers(sandbox, `${at.quickBooks}/.well-known/openid_configuration`);
    await processes.answers(sandbox, `${at.signIn}/.well-known/openid-configuration`);
    const functions = processes.start('functions', 'dotnet', [program('DataHealth.Functions', 'DataHealth.Functions')], settings(at));
    await processes.answers(functions, `${at.api}/health/ready`);
    const own = settings(at);
    await new Sandbox(at.sandbox).put('webhooks/sandbox-client', { url: `${at.api}/webhooks/xero`, key: own.Xero__WebhookKey });
    await new Sandbox(at.quickBooks).put('webhooks/sandbox-client', { url: `${at.api}/webhooks/quickbooks`, key: own.QuickBooks__WebhookVerifierToken });
    await foundPractices(at);
  } catch (error) {
    await processes.stop();
    throw error;
  }
  return { at, processes };
}

/** True when the functions already answer at their address. */
export async function isRunning(at) {
  try {
    const answer = await fetch(`${at.api}/health/live`, { signal: AbortSignal.timeout(3000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

export function program(folder, name) {
  const file = join(root, folder, 'bin', Configuration, 'net10.0', `${name}.dll`);
  if (!existsSync(file))
    throw new Error(`${file} is missing after the build.`);
  return file;
}
