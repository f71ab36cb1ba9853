// The Data Health of a client as a person reads it in the demo: the score, its checks, what is found, and what would move it.
const Shown = 5;

export async function tellHealth(api, clientId, screen) {
  const overview = await api.get(`clients/${clientId}/health`);
  const moves = await api.get(`clients/${clientId}/health/moves?take=${Shown}`);
  screen.say(overview.words);
  screen.line(checksTable(overview.checks));
  screen.say(`${overview.findings.open.toLocaleString('en')} findings are open, ${money(overview.moneyAtRisk, overview)} at risk. The first of them:`);
  for (const finding of overview.topFindings.slice(0, Shown))
    screen.say(`  ${finding.text}${finding.money === undefined ? '' : ` (${money(finding.money, overview)})`}`);
  screen.say('What would move the score most:');
  for (const move of moves.checks.filter(check => check.points > 0).sort((one, other) => other.points - one.points).slice(0, Shown))
    screen.say(`  ${overview.checks.find(check => check.key === move.check).title}: ${move.points.toFixed(1)} points for ${move.findings.toLocaleString('en')} finding${move.findings === 1 ? '' : 's'} put right`);
  await tellDismissal(api, clientId, overview, moves, screen);
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

function checksTable(checks) {
  const line = (title, ...rest) => `  ${title.padEnd(34)}${rest.map(text => text.padStart(10)).join('')}`;
  const judged = checks.filter(check => check.state === 'checked').sort((one, other) => other.weight - one.weight || (one.title < other.title ? -1 : 1));
  const silent = checks.length - judged.length;
  return [
    line('check', 'weight', 'points', 'open'),
    ...judged.map(check => line(check.title, `${check.weight} %`, check.points === undefined ? '' : check.points.toFixed(1), check.open.toLocaleString('en'))),
    ...(silent > 0 ? [`  and ${silent} that these books cannot tell, or that are not about them`] : []),
  ].join('\n');
}

function money(amount, { baseCurrency }) {
  return `${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${baseCurrency ?? ''}`.trimEnd();
}
