import { canonicalJson } from '@repo/contract/canonical-json';
import { taskMetrics } from '@repo/contract/gate-policy';
import type { GateCheck } from '@repo/contract/gate-report';
import type { Source } from '@repo/contract/source';
import type { ViewSpec } from '@repo/contract/view';
import { escapeMarkdown } from '@repo/training/markdown';
import { cardSections } from '@repo/training/model-card';
import type { Evidence } from '../evidence.ts';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';

/** What stands where nobody looked the licence up. */
const noLicence = /^\W*(unknown|unclear|none given|todo|tbd|n\/?a)?\W*$/i;

function sourcesOf({ model: { events, features } }: Evidence): Source[] {
  const all = [events, ...features.map(({ source }) => source)];
  return [...new Map(all.map((source) => [source.name, source])).values()];
}

/** Headings of a card that are absent, or under which nothing stands. */
function emptySections(card: string): string[] {
  const parts = card.split(/^## /m).slice(1);
  const written = new Map(
    parts.map((part) => [part.split('\n', 1)[0]?.trim(), part.slice(part.indexOf('\n') + 1).trim()]),
  );
  return cardSections.filter((heading) => (written.get(heading) ?? '') === '');
}

function card(evidence: Evidence): GateCheck[] {
  const { card: text, candidate } = evidence;
  if (text === null)
    return [
      factCheck(
        'model card',
        false,
        'There is no evidence/card.md beside the bundle. The train stage writes it: train again.',
      ),
    ];
  const empty = emptySections(text);
  const names = text.includes(candidate.digest);
  const absent = sourcesOf(evidence).flatMap(({ name, licence }) => {
    const wanted = [candidate.lineage.data[name] ?? '', escapeMarkdown(licence)];
    return wanted.every((one) => text.includes(one)) ? [] : [name];
  });
  return [
    factCheck(
      'model card: sections',
      empty.length === 0,
      empty.length === 0 ? `all ${cardSections.length}` : `Nothing stands under ${empty.join(', ')}. Train again.`,
    ),
    factCheck(
      'model card: bundle',
      names,
      names
        ? 'names this bundle'
        : `It does not name ${candidate.digest}: it is the card of another bundle. Train again.`,
    ),
    factCheck(
      'model card: data',
      absent.length === 0,
      absent.length === 0
        ? 'digest and licence of every source'
        : `It lacks the digest or the licence of ${absent.join(', ')}. Train again.`,
    ),
  ];
}

function metrics({ model, candidate }: Evidence): GateCheck {
  const { test, baselines, levels } = candidate.metrics;
  const primary = model.gates.primary ?? taskMetrics[model.task][0];
  const gains = Object.entries(baselines);
  const open = gains.filter(([, { gain }]) => ![gain.lower, gain.estimate, gain.upper].every(Number.isFinite));
  // A metric that metrics.json does not know is the statistical gates' to compute.
  const problems = [
    ...(Object.values(test).some((value) => value !== null) && test[primary] !== null ? [] : [`no ${primary}`]),
    ...(gains.length > 0 && open.length === 0 ? [] : ['no baseline with an interval of what the model saves']),
    ...(levels.length > 0 ? [] : ['no level of degradation']),
  ];
  return factCheck(
    'metrics',
    problems.length === 0,
    problems.length === 0
      ? `${Object.keys(test).length} on the test rows, ${gains.length} baselines with intervals`
      : `metrics.json has ${problems.join(', ')}. Train again.`,
  );
}

/** Edges of the lineage that lead nowhere in this checkout. */
function lineage({ candidate, champion, checkout }: Evidence): GateCheck[] {
  const own = candidate.lineage;
  const edges = (kind: 'data' | 'views') => {
    const names = [...new Set([...Object.keys(own[kind]), ...Object.keys(checkout[kind])])].sort();
    const loose = names.filter((name) => own[kind][name] !== checkout[kind][name]);
    return factCheck(
      `lineage: ${kind}`,
      loose.length === 0,
      loose.length === 0
        ? `${names.length} as in this checkout`
        : `This checkout has other ${kind}: ${loose.join(', ')}. Train again from what is here.`,
    );
  };
  const trainers = [checkout.trainer, champion?.lineage.trainer];
  const known = trainers.includes(own.trainer);
  return [
    factCheck(
      'lineage: definition',
      own.definition === checkout.definition,
      own.definition === checkout.definition
        ? 'as in this checkout'
        : `It was trained from another definition, ${own.definition}. Train again.`,
    ),
    edges('data'),
    edges('views'),
    factCheck(
      'lineage: trainer',
      known,
      known
        ? own.trainer === checkout.trainer
          ? 'the code of this checkout'
          : 'the code that trained the champion'
        : `Neither this checkout nor the champion knows the code that trained it, ${own.trainer}. Train again.`,
    ),
  ];
}

/** The prose of a view decides about no value, and its digest leaves it out. */
const factsOf = ({ about: _, ...facts }: ViewSpec) => canonicalJson(facts);

/** Rows are joined by the specifications that a bundle holds, so that one under the digest of another could let in whatever it likes. */
function specifications({ model, candidate }: Evidence): GateCheck {
  const forged = candidate.contract.views.filter(({ digest, spec }) => {
    const known = model.features.find((view) => view.digest === digest);
    return known !== undefined && factsOf(known.spec) !== factsOf(spec);
  });
  const names = forged.map(({ spec }) => spec.name);
  return factCheck(
    'views: specifications',
    names.length === 0,
    names.length === 0
      ? 'what their digests stand for'
      : `contract.json describes ${names.join(', ')} otherwise than the catalogue does, under the same digest. A bundle is never edited: train again.`,
  );
}

function licences(evidence: Evidence): GateCheck {
  const sources = sourcesOf(evidence);
  const without = sources.filter(({ licence }) => noLicence.test(licence)).map(({ name }) => name);
  return factCheck(
    'licences',
    without.length === 0,
    without.length === 0
      ? sources.map(({ name, licence }) => `${name} ${licence}`).join(', ')
      : `Nobody says under which licence ${without.join(', ')} may be used: look it up, and write it into the source.`,
  );
}

/**
 * Everything that a person would ask later is on file: a complete model card of this very bundle, metrics with intervals, a lineage whose
 * every edge leads to something in this checkout, and the licence of every source. Never waived.
 */
export const paperTrail: Gate = {
  name: 'paper-trail',
  onFiles: true,
  run: (evidence) => [
    ...card(evidence),
    metrics(evidence),
    ...lineage(evidence),
    specifications(evidence),
    licences(evidence),
  ],
};
