// npm run sbom -- [--version v1.2.0] [--output file] [lock files]: what the product is built from, as a CycloneDX bill of materials, read from NuGet's lock files: exact versions with their hashes.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Stop, command, root } from './lib/tools.mjs';

const Standard = ['DataHealth.Core/packages.Local.lock.json', 'DataHealth.Functions/packages.Local.lock.json'];

command(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { version: { type: 'string', default: 'unreleased' }, output: { type: 'string' } } });
  const files = positionals.length > 0 ? positionals.map(file => resolve(file)) : Standard.map(file => join(root, file));
  const text = JSON.stringify(billOf(files.map(read), values.version), null, 2);
  if (values.output)
    writeFileSync(values.output, `${text}\n`);
  else
    console.log(text);
});

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Stop(error.code === 'ENOENT' ? `There is no ${file}: restore first (dotnet restore, or dotnet publish for the Azure build).` : `${file} is no lock file: ${error.message}`);
  }
}

/** The bill: one component for each package and version, whatever projects use it. */
export function billOf(locks, version) {
  const components = new Map();
  for (const packages of locks.flatMap(lock => Object.values(lock.dependencies))) {
    for (const [name, { type, resolved, contentHash }] of Object.entries(packages)) {
      // Projects of ours are not bought in.
      if (type === 'Project')
        continue;
      const purl = `pkg:nuget/${name}@${resolved}`;
      components.set(purl, {
        type: 'library', 'bom-ref': purl, name, version: resolved, purl,
        // NuGet writes it in base 64.
        ...(contentHash && { hashes: [{ alg: 'SHA-512', content: Buffer.from(contentHash, 'base64').toString('hex') }] }),
      });
    }
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': 'data-health', name: 'data-health', version } },
    components: [...components.values()].sort((one, other) => (one.purl < other.purl ? -1 : 1)),
  };
}
