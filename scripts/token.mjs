// npm run --silent token [person]: an access token of one of the sandbox's people, for trying the API by hand. The stack must run.
import { Stop, command } from './lib/tools.mjs';
import { addresses } from './lib/stack.mjs';
import { SignIn } from './lib/wire.mjs';

command(async () => {
  const { signIn } = addresses();
  try {
    console.log(await new SignIn(signIn).token(process.argv[2] ?? 'mara'));
  } catch (error) {
    throw error instanceof Stop ? error : new Stop(`The sign-in sandbox does not answer at ${signIn}: is npm start running?`);
  }
});
