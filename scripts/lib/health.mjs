// The Data Health of a client as a person reads it in the demo: the score, its checks, what is found, and what would move it.
const Shown = 5;

// What stands now; kept to be told beside what stands later.
export async function tellHealth(api, clientId, screen) {
  const overview = await api.get(`clients/${clientId}/health`);
  screen.say(overview.words);
  screen.line(checksTable(overview.checks));
  screen.say(`${overview.findings.open.toLocaleString('en')} findings are open, ${money(overview.moneyAtRisk, overview)} at risk. The first of them:`);
  for (const finding of overview.topFindings.slice(0, Shown))
    screen.say(`  ${finding.text}${finding.money === undefined ? '' : ` (${money(finding.money, overview)})`}`);
  return overview;
}

// The same again, why the score is another one, and what would move it next.
export async function tellHealthAgain(api, clientId, before, screen) {
  const overview = await api.get(`clients/${clientId}/health`);
  const moves = await api.get(`clients/${clientId}/health/moves?take=${Shown}`);
  screen.say(overview.words);
  screen.line(checksTable(overview.checks, before.checks));
  screen.say(`${overview.findings.open.toLocaleString('en')} findings are open (${before.findings.open.toLocaleString('en')} before), ${money(overview.moneyAtRisk, overview)} at risk (${money(before.moneyAtRisk, before)} before).`);
  const why = await api.get(`clients/${clientId}/health/attribution?from=${encodeURIComponent(before.calculatedAt)}`);
  screen.say(`Why the score went from ${why.before.toFixed(2)} to ${why.after.toFixed(2)}:`);
  for (const [part, title] of [['workDone', 'work done'], ['newPostings', 'new postings'], ['coverage', 'what can be judged'], ['rulesAndWeights', 'rules and weights']])
    screen.say(`  ${title.padEnd(20)}${signed(why[part]).padStart(8)}`);
  screen.say('What would move the score most:');
  for (const move of moves.checks.filter(check => check.points > 0).sort((one, other) => other.points - one.points).slice(0, Shown))
    screen.say(`  ${overview.checks.find(check => check.key === move.check).title}: ${move.points.toFixed(1)} points for ${move.findings.toLocaleString('en')} finding${move.findings === 1 ? '' : 's'} put right`);
  await tellDismissal(api, clientId, overview, moves, screen);
  return why.workDone > 0;
}

// One finding that somebody knows to be right: it does not count any more, and the score moves at once.
async function tellDismissal(api, clientId, overview, moves, screen) {
  const finding = moves.findings.find(one => one.points > 0);
  if (!finding)
    return;
  const reason = 'Agreed with the client';
  const noted = await api.post(`clients/${clientId}/health/findings/dismiss`, { ids: [finding.finding], reason });
  screen.say(`Dismissed, "${reason}": ${finding.text} The score is ${noted.score?.exact.toFixed(2)} now (${overview.score?.exact.toFixed(2)} before); when the records change, the finding opens again.`);
}

function checksTable(checks, before) {
  const was = new Map((before ?? []).map(check => [check.key, check]));
  const line = (title, ...rest) => `  ${title.padEnd(34)}${rest.map(text => text.padStart(16)).join('')}`;
  const change = (check, value) => (was.has(check.key) && value(was.get(check.key)) !== value(check) ? `${value(was.get(check.key))} → ${value(check)}` : value(check));
  const judged = checks.filter(check => check.state === 'checked').sort((one, other) => other.weight - one.weight || (one.title < other.title ? -1 : 1));
  const silent = checks.length - judged.length;
  return [
    line('check', 'weight', 'points', 'open'),
    ...judged.map(check => line(check.title, `${check.weight} %`, change(check, one => one.points?.toFixed(1) ?? ''), change(check, one => one.open.toLocaleString('en')))),
    ...(silent > 0 ? [`  and ${silent} that these books cannot tell, or that are not about them`] : []),
  ].join('\n');
}

function signed(points) {
  return `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(2)}`;
}

function money(amount, { baseCurrency }) {
  return `${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${baseCurrency ?? ''}`.trimEnd();
}
