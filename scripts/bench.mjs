// npm run bench -- sync|memory|health [--records N]: measures the real processes in their Release build. docs/benchmarks.md says what and why.
import { join } from 'node:path';
import { command, build, installNodeTools, requireTools, root, run } from './lib/tools.mjs';

const args = process.argv.slice(2).filter(arg => arg !== '--no-build');

command(async () => {
  requireTools();
  await installNodeTools();
  if (!process.argv.includes('--no-build')) {
    console.log('Building …');
    await build('tests/Benchmarks', 'Release');
  }
  const { code } = await run('dotnet', [join(root, 'tests', 'Benchmarks', 'bin', 'Release', 'net10.0', 'DataHealth.Benchmarks.dll'), ...args], { what: 'The benchmark', allowFailure: true });
  return code;
});
