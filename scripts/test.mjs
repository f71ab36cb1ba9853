// npm test: builds the solution, runs every test project, and counts. `npm test -- --filter X` runs the tests whose full name holds X.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stop, build, command, installNodeTools, makeFolder, optionsOf, requireTools, root, run } from './lib/tools.mjs';

const options = optionsOf({
  filter: { type: 'string', multiple: true },
  project: { type: 'string' },
  long: { type: 'boolean', default: false },
  'no-build': { type: 'boolean', default: false },
});

// Processes that live for minutes on two cores: what instrumenting, collecting in the background and collecting often would cost them never comes back. The long runs measure, and take .NET as it comes.
const thrifty = options.long ? {} : { DOTNET_TieredPGO: '0', DOTNET_gcConcurrent: '0', DOTNET_GCgen0size: '0x2000000' };

// A test that hangs must fail, by its name, long before whoever runs the suite gives up. Usual: 1 to 13 minutes a project.
const minutesEach = 30;

command(async () => {
  requireTools();
  await installNodeTools();
  if (!options['no-build']) {
    console.log('Building …');
    await build('DataHealth.slnx', 'Debug');
  }

  const results = makeFolder('TestResults');
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const projects = readdirSync(join(root, 'tests'))
    .filter(name => existsSync(join(root, 'tests', name, `DataHealth.${name}.Tests.csproj`)))
    .filter(name => !options.project || name.toLowerCase() === options.project.toLowerCase());
  if (projects.length === 0)
    throw new Stop(`No test project named '${options.project}' under tests/.`);

  // The end-to-end tests wait for processes more than they use processors, so they run beside the others. The long runs measure: one at a time.
  const queue = projects.sort((one, other) => (other === 'EndToEnd') - (one === 'EndToEnd'));
  const lane = async () => {
    for (let name = queue.shift(); name; name = queue.shift())
      await test(name);
  };
  await Promise.all(options.long ? [lane()] : [lane(), lane()]);

  async function test(name) {
    const report = join(results, `${name}.json`);
    rmSync(report, { force: true });
    console.log(`tests/${name} …`);
    const started = Date.now();
    const program = join(root, 'tests', name, 'bin', 'Debug', 'net10.0', `DataHealth.${name}.Tests`);
    const { code, output } = await run(program, [
      '-noLogo', '-noColor', '-result-ctrf', report, '-longRunning', '240',
      ...(options.long ? ['-trait', 'Run=Long', '-showLiveOutput'] : ['-trait-', 'Run=Long']),
      ...(options.filter ?? []).flatMap(part => ['-method', `*${part}*`]),
    ], { what: `tests/${name}`, allowFailure: true, quiet: !options.long, minutes: options.long ? undefined : minutesEach, env: thrifty });
    const seconds = ((Date.now() - started) / 1000).toFixed(0);
    if (output)
      console.log(output.trimEnd());
    if (!existsSync(report)) {
      failures.push(code === null
        ? `tests/${name} did not end within ${minutesEach} minutes and was killed; tests that it calls long running above may be why`
        : `tests/${name} ended with code ${code} before it could report`);
      totals.failed++;
      return;
    }
    const { summary, tests } = JSON.parse(readFileSync(report, 'utf8')).results;
    totals.passed += summary.passed;
    totals.failed += summary.failed;
    totals.skipped += summary.skipped + summary.pending;
    failures.push(...tests.filter(test => test.status === 'failed').map(test => test.name));
    // A crash of the runner or an error outside a test must not pass for success.
    if (code !== 0 && summary.failed === 0 && summary.tests > 0) {
      failures.push(`tests/${name} ended with code ${code} although no test failed`);
      totals.failed++;
    }
    console.log(`tests/${name}: ${summary.passed} passed, ${summary.failed} failed in ${seconds} s\n`);
  }

  if (failures.length > 0)
    console.log(`Failed:\n${failures.map(failure => `  ${failure}`).join('\n')}\n`);
  if (totals.passed + totals.failed === 0)
    console.log(options.filter ? `No test's name holds '${options.filter.join("' or '")}'.` : 'No test ran.');
  console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
});
