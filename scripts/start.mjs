// npm start: the whole product on this machine, until Ctrl-C.
import { command } from './lib/tools.mjs';
import { startStack } from './lib/stack.mjs';

command(async () => {
  const stopped = new Promise(done => {
    process.once('SIGINT', () => done('signal'));
    process.once('SIGTERM', () => done('signal'));
    process.once('SIGHUP', () => done('signal'));
  });
  const starting = startStack();
  const first = await Promise.race([starting, stopped]);
  if (first === 'signal') {
    // Pressed while still starting: let the start end, one way or the other, then stop what it started.
    await starting.then(({ processes }) => processes.stop(), () => {});
    return 0;
  }
  const { at, processes } = first;

  console.log(`
READY

  API            ${at.api}           contract: ${at.api}/openapi.yaml
  Sign-in        ${at.signIn}               people:   ${at.signIn}/sandbox/people
  Xero sandbox   ${at.sandbox}               control:  ${at.sandbox}/sandbox
  QuickBooks     ${at.quickBooks}               control:  ${at.quickBooks}/sandbox
  Data and logs  ${at.data}

What to try next, in another terminal:
  npm run demo                                   the whole story: connect, sync, pause, resume, disconnect
  TOKEN=$(npm run --silent token mara)           signs in as Mara Lindt, Practice Admin of Birch Accountants
  curl -H "Authorization: Bearer $TOKEN" ${at.api}/me
  curl -H "Authorization: Bearer $TOKEN" ${at.api}/clients
  curl -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"name":"Birch & Ash Ltd"}' ${at.api}/clients

Ctrl-C stops everything; npm start goes on with the same data; npm run reset forgets it.
`);

  const ended = await Promise.race([processes.ended, stopped]);
  console.log('\nStopping …');
  await processes.stop();
  if (ended === 'signal')
    return 0;
  console.error(processes.explain(ended));
  return 1;
});
