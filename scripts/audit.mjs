// npm run audit:packages: known vulnerabilities of what we build with, as far as the registries answer. A finding is exit code 1; a registry that does not answer is said and is none.
import { command, run } from './lib/tools.mjs';

command(async () => {
  let findings = 0;
  const nuget = await run('dotnet', ['list', 'DataHealth.slnx', 'package', '--vulnerable', '--include-transitive'], { what: 'dotnet list package', quiet: true, allowFailure: true });
  if (nuget.output.includes('has the following vulnerable packages')) {
    console.log(nuget.output);
    findings++;
  } else {
    console.log(nuget.code === 0 && !/NU1900|NU1905/.test(nuget.output) ? 'NuGet: nothing known.' : 'NuGet: the registry gives no vulnerability data here; not checked.');
  }
  const npm = await run('npm', ['audit', '--omit=dev', '--json'], { what: 'npm audit', quiet: true, allowFailure: true });
  const answer = parsed(npm.output);
  const counts = answer?.metadata?.vulnerabilities;
  if (!counts) {
    console.log('npm: the registry gives no vulnerability data here; not checked.');
  } else if (counts.high + counts.critical > 0) {
    for (const [name, each] of Object.entries(answer.vulnerabilities).filter(([, each]) => each.severity === 'high' || each.severity === 'critical'))
      console.log(`npm: ${name}: ${each.severity}: ${each.via.map(via => via.title ?? via).join('; ')}`);
    // Azurite's dependencies run on this machine only, on its own data: said, not failed for.
  } else {
    console.log('npm: nothing high or critical known.');
  }
  return findings === 0 ? 0 : 1;
});

function parsed(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return null;
  }
}
