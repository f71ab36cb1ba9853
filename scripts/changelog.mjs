// npm run changelog -- v1.2.0: what changed since the release before, in the commits' own words, as Markdown.
import { execFileSync } from 'node:child_process';
import { Stop, command, root } from './lib/tools.mjs';

command(async () => {
  const [tag] = process.argv.slice(2);
  if (!tag)
    throw new Stop('Which release? npm run changelog -- v1.2.0 (a tag, or HEAD for what is not released yet)');
  const before = former(tag);
  const commits = git('log', '--no-merges', '--reverse', '--format=%h %s', before ? `${before}..${tag}` : tag).split('\n').filter(Boolean);
  console.log(`# ${tag === 'HEAD' ? 'Not released yet' : tag}\n`);
  console.log(before ? `Since ${before}:\n` : 'The first release:\n');
  for (const [hash, ...words] of commits.map(line => line.split(' ')))
    console.log(`- ${words.join(' ')} (${hash})`);
});

// The newest release that this one contains.
function former(tag) {
  try {
    return git('describe', '--tags', '--abbrev=0', '--match', 'v*.*.*', `${tag}^`);
  } catch {
    return null;
  }
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 }).trim();
}
