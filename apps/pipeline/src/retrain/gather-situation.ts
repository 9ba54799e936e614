import { microseconds } from '@repo/contract/duration';
import { type Lineage, lineageSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { featureNames } from '@repo/contract/model-schema';
import type { Split } from '@repo/contract/split';
import { withWindow } from '@repo/contract/training-window';
import { createGithub } from '@repo/github/create-github';
import { openIncidents } from '@repo/github/open-incidents';
import { openPromotions } from '@repo/github/open-promotions';
import type { RetrainSituation } from '@repo/monitoring/retrain-situation';
import { bundleJson } from '@repo/registry/bundle-json';
import type { CommittedBundle } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import { labelledDays } from './labelled-days.ts';
import { quarantinedDays } from './quarantined-days.ts';
import { readFindings } from './read-findings.ts';
import type { RetrainState } from './retrain-state.ts';

/** What of a definition is another than the champion was made from: the views that are, or else the definition itself. */
function changesSince(model: Model, { definition, views, window }: Lineage): string[] {
  if (withWindow(model, window ?? null, 'lineage.json.window').digest === definition) return [];
  const now = Object.fromEntries(model.features.map((view) => [`${view.spec.name}@${view.spec.version}`, view.digest]));
  const names = [...new Set([...Object.keys(views), ...Object.keys(now)])].sort();
  const changed = names.filter((name) => views[name] !== now[name]).map((name) => `view ${name}`);
  return changed.length > 0 ? changed : ['the definition'];
}

/**
 * What GitHub knows, where this checkout may ask it: open incidents and promotions. Nobody knows which days an issue is about before it is closed, and
 * it is opened after they were: it puts all days in doubt that are new to the champion.
 */
async function openOnGithub(
  context: Context,
  model: Model,
  from: string,
): Promise<Pick<RetrainSituation, 'incidents' | 'promotions'>> {
  const access = context.githubAccess();
  if (access === null) {
    context.progress.line(
      'open incidents and promotions are not looked for: GITHUB_TOKEN and GITHUB_REPOSITORY are not set',
    );
    return { incidents: [], promotions: [] };
  }
  const github = createGithub(access);
  const issues = await openIncidents(github, model.name);
  const incidents = issues.map(({ number, title, openedAt }) => ({
    from,
    to: null,
    reason: `issue #${number}, opened ${openedAt.slice(0, 10)}, is open: ${title}`,
  }));
  return { incidents, promotions: await openPromotions(github, model.name) };
}

/** Windows that the triggers look back on. */
const mostWindows = ({ retraining: { triggers } }: Model): number =>
  Math.max(1, Number(triggers.quality), Number(triggers.estimate));

/** All that the decision is taken by, as it is at a moment. Throws InputError for damaged state. */
export async function gatherSituation(
  context: Context,
  model: Model,
  champion: CommittedBundle,
  state: RetrainState,
  { atUs, asked }: { atUs: number; asked: string | null },
): Promise<RetrainSituation> {
  const lineage = bundleJson(champion.contents, 'lineage.json', lineageSchema);
  const window: Split = lineage.window ?? model.declaredSplit;
  const { incidents, promotions } = await openOnGithub(context, model, window.validate[1]);
  return {
    policy: model.retraining,
    nowUs: atUs,
    clockUs: context.nowUs,
    knownAfterUs: microseconds(model.label.knownAfter),
    features: featureNames(model.features),
    declared: model.declaredSplit,
    version: champion.version,
    champion: window,
    changes: changesSince(model, lineage),
    findings: await readFindings(context, model.name, atUs, mostWindows(model)),
    runs: await state.runs(),
    days: await labelledDays(context, model),
    incidents: [...model.retraining.incidents, ...incidents],
    promotions,
    quarantined: await quarantinedDays(context, model, window.validate[1]),
    asked,
  };
}
