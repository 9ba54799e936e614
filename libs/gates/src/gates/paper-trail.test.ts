import { digestOf } from '@repo/contract/canonical-json';
import { cardSections } from '@repo/training/model-card';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { paperTrail } from './paper-trail.ts';

let small: SmallEvidence;
let evidence: Evidence;
beforeAll(async () => {
  small = await createSmallEvidence();
  evidence = await small.open();
}, 60_000);
afterAll(() => small.remove());

const red = async (changed: Partial<Evidence>) => redChecks(await paperTrail.run({ ...evidence, ...changed }));
const cardWith = (from: string, to: string) => ({ card: (evidence.card as string).replaceAll(from, to) });

test('what the train stage writes is complete', async () => {
  expect((await paperTrail.run(evidence)).filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
});

test('a missing card fails, and so does the card of another bundle', async () => {
  expect(await red({ card: null })).toEqual(['model card']);
  expect(await red(cardWith(evidence.candidate.digest, digestOf('other')))).toEqual(['model card: bundle']);
});

test('every section is asked for, and nothing under a heading is none', async () => {
  for (const heading of cardSections)
    expect(await red(cardWith(`## ${heading}\n`, '## Elsewhere\n')), heading).toEqual(['model card: sections']);
  const text = evidence.card as string;
  const limits = text.slice(text.indexOf('## Limits of use'), text.indexOf('## How to reproduce'));
  expect(await red(cardWith(limits, '## Limits of use\n\n'))).toEqual(['model card: sections']);
});

test('a card without the digest of the data fails', async () => {
  expect(await red(cardWith(evidence.candidate.lineage.data.jobs as string, 'later'))).toEqual(['model card: data']);
});

test.each(['unknown', 'TODO', ' ', '?'])('a source with the licence "%s" has none', async (licence) => {
  const { model } = evidence;
  const events = { ...model.events, licence };
  const features = model.features.map((view) => ({ ...view, source: events }));
  expect(await red({ model: { ...model, events, features }, ...cardWith('| none |', `| ${licence} |`) })).toEqual([
    'licences',
  ]);
});

test.each(['definition', 'data', 'views', 'trainer'] as const)(
  'a lineage with another %s leads nowhere',
  async (edge) => {
    const other = digestOf('other');
    const value =
      typeof evidence.checkout[edge] === 'string' ? other : { ...(evidence.checkout[edge] as object), jobs: other };
    const checkout = { ...evidence.checkout, [edge]: value };
    const champion = evidence.champion && {
      ...evidence.champion,
      lineage: { ...evidence.champion.lineage, trainer: other },
    };
    expect(await red({ checkout, champion })).toEqual([`lineage: ${edge}`]);
  },
);

test('the code that trained the champion is known too', async () => {
  expect(await red({ checkout: { ...evidence.checkout, trainer: digestOf('later') } })).toEqual([]);
});

test('metrics without an interval, without the primary one or without levels are incomplete', async () => {
  const { candidate } = evidence;
  for (const change of [{ baselines: {} }, { test: { ...candidate.metrics.test, logLoss: null } }, { levels: [] }]) {
    expect(await red({ candidate: { ...candidate, metrics: { ...candidate.metrics, ...change } } })).toEqual([
      'metrics',
    ]);
  }
});

test('a bundle that describes a view otherwise, under the digest of the honest one, fails', async () => {
  const prose = await small.openWith({
    'contract.json': (c) => Object.assign(c.views[0].spec, { about: 'other prose' }),
  });
  const forged = await small.openWith({
    'contract.json': (c) =>
      Object.assign(Object.values<object>(c.views[0].spec.features)[0] as object, { column: 'late' }),
  });
  expect(redChecks(await paperTrail.run(prose))).toEqual([]);
  expect(redChecks(await paperTrail.run(forged))).toEqual(['views: specifications']);
});
