// npm run histories: records the shape that every orchestration has today, beside those it had before (docs/decisions/0904). Run it after a change of an orchestrator, and commit the new files.
import { join } from 'node:path';
import { build, command, requireTools, root, run } from './lib/tools.mjs';

command(async () => {
  requireTools();
  await build('tests/Functions', 'Debug');
  await run(join(root, 'tests', 'Functions', 'bin', 'Debug', 'net10.0', 'DataHealth.Functions.Tests'), ['-noLogo', '-noColor', '-method', '*HistoryTests.The_shape_of_today_is_recorded'], {
    what: 'Recording the histories', env: { DATAHEALTH_RECORD_HISTORIES: '1' },
  });
});
