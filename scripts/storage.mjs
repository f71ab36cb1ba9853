// npm run --silent storage: the connection string of this machine's Azurite, for `datahealth ops`. Its key is the published one of every Azurite.
import { command } from './lib/tools.mjs';
import { addresses, storage } from './lib/stack.mjs';

command(async () => console.log(storage(addresses())));
