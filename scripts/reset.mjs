// npm run reset: forgets everything that the local stack has stored.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stop, command, root } from './lib/tools.mjs';

command(async () => {
  const data = process.env.DATAHEALTH_DATA ?? join(root, '.data');
  const running = join(data, 'logs', 'pids.json');
  if (existsSync(running) && Object.values(JSON.parse(readFileSync(running, 'utf8'))).some(isAlive))
    throw new Stop('The stack is running on this data. Stop it first (Ctrl-C where npm start runs), then run npm run reset again.');
  rmSync(data, { recursive: true, force: true });
  console.log('The local data is gone; npm start begins afresh.');
});

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
