// The local stack's people: signs in at the sandbox's provider, and brings its ready-made people into two practices, through the API as anybody would.
import { Api, SignIn } from './wire.mjs';

/** Sam Keene, the first of our support; the others are invited. */
export const FirstSupport = 'sam@datahealth.example';

const Practices = [
  { name: 'Birch Accountants', admin: 'mara', others: [['jon', 'clientAdmin', []], ['suki', 'standard', ['sync', 'connect']], ['pia', 'standard', []]] },
  { name: 'Northgate Partners', admin: 'otto', others: [['nell', 'standard', ['sync']]] },
];

/** Makes what is not there yet; the next start finds it. */
export async function foundPractices(at) {
  const signIn = new SignIn(at.signIn);
  const people = new Map((await signIn.people()).map(person => [person.key, person]));
  const as = async key => new Api(at.api, await signIn.token(key));
  for (const { name, admin, others } of Practices) {
    if ((await (await as(admin)).get('me')).memberships.length === 0) {
      const { email: adminEmail, name: adminName } = people.get(admin);
      const made = await (await as('sam')).post('practices', { name, adminEmail, adminName });
      await (await as(admin)).post('invitations/accept', { code: made.invitation.code });
    }
    for (const [key, role, privileges] of others) {
      const person = await as(key);
      if ((await person.get('me')).memberships.length > 0)
        continue;
      const office = await as(admin);
      const { email, name } = people.get(key);
      const known = (await office.get('members?take=500')).items.find(member => member.email === email);
      const { code } = known ? await office.post(`members/${known.id}/invitation`) : await office.post('members', { email, name, role, privileges });
      await person.post('invitations/accept', { code });
    }
  }
}
