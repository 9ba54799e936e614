import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import { areInARow } from '../in-a-row.ts';
import { isMatured } from '../labels/fair-labels.ts';
import type { Window } from '../window.ts';
import { alphaOf, type DriftBudget } from './drift-budget.ts';
import { driftChecks, labelCheck, testsOf } from './drift-check.ts';
import { driftFloors } from './drift-floors.ts';
import type { DriftLaw } from './drift-law.ts';
import { type DriftReference, profileReference } from './drift-reference.ts';
import { fewestRowsForVerdict } from './fewest-rows.ts';
import { type CheckedWindow, type JudgedCheck, judgeDrift } from './judge-drift.ts';
import { sameWeekdayBefore } from './same-weekday.ts';

/** Features under this share of the model's importance warn, but page nobody. */
const leastImportance = 0.01;

/** What {@link evaluateDrift} looks at. */
export interface DriftEvidence {
  readonly profile: Profile;
  /** How days of the reference differ; see {@link measureDriftLaw}. */
  readonly law: DriftLaw;
  /** Closed windows of the version that answered, oldest first; the last is judged, the one before must agree with a page. */
  readonly windows: readonly Window[];
  /** Share of the model's skill that rests on each feature; null when the bundle does not say. */
  readonly importances: Readonly<Record<string, number>> | null;
  readonly budget?: DriftBudget;
}

const held = {
  chance: 'Days differ as much by chance.',
  once: 'Seen in one window; the next one decides.',
  season: 'The same weekdays of the last four weeks looked like this too: a season, or an old drift.',
  unimportant: 'The model hardly uses it.',
} as const;

const said: Record<keyof typeof driftFloors, string> = {
  psi: 'values lie in other bins than those of training',
  shift: 'values moved against those of training',
  largestShareChange: 'a category became more or less frequent than in training',
  missingShare: 'more values are missing than in training',
  newCategories: 'values that training never saw',
  answers: 'answers lie in other bins than those to training rows',
  labelRate: 'the share of yes among labels is not that of training',
};

function reasonOf({ check, level, held: why }: JudgedCheck, window: Window): string {
  const found = `${said[check.measure]}: ${check.value.toFixed(3)} in ${window.rows} rows (${check.detail}).`;
  if (why === 'chance') return `Above its floor of ${driftFloors[check.measure].warn}: ${found} ${held.chance}`;
  if (level === 'ok') return `Within its limit: ${found}`;
  const p = `By chance once in ${Math.round(1 / Math.max(check.pValue, 1e-9)).toLocaleString('en')} windows.`;
  const todo = why === null ? 'Look at the source of the feature first, then at the world.' : held[why];
  return `${found[0]?.toUpperCase()}${found.slice(1)} ${p} ${todo}`;
}

/** The newest window (1), or the one before where nothing is missing in between (2), and what its weekday was like before. */
function placed(windows: readonly Window[], back: 1 | 2) {
  const window = windows.at(-back);
  if (window === undefined || (back === 2 && !areInARow(windows.slice(-2)))) return null;
  return { window, recent: sameWeekdayBefore(window, windows.slice(0, -back)) };
}

/** Windows whose labels have had their time: the newest one seldom is among them. */
const maturedOf = (windows: readonly Window[]): Window[] => windows.filter((window) => isMatured([window]));

/** What was asked in the newest window (1) or the one before (2), and the labels of the newest or next to newest that is matured. */
function checkedWindow({ profile, law, windows }: DriftEvidence, back: 1 | 2): CheckedWindow {
  const whole = placed(windows, back);
  const asked = whole === null || whole.window.rows < fewestRowsForVerdict ? null : whole;
  const known = placed(maturedOf(windows), back);
  const against = (reference: DriftReference | null) =>
    reference === null || asked === null ? [] : driftChecks({ profile, window: asked.window, reference, law });
  const labelsAgainst = (reference: DriftReference) =>
    known === null ? [] : labelCheck({ window: known.window, reference, law });
  const training = profileReference(profile);
  return {
    training: [...against(training), ...labelsAgainst(training)],
    // Labels without such weekdays yet are held by none.
    recent: asked?.recent == null ? null : [...against(asked.recent), ...labelsAgainst(known?.recent ?? training)],
  };
}

const noVerdict = (rows: number): Finding => ({
  ...{ kind: 'data', name: 'drift', subject: null, value: null, interval: null, limit: null, importance: null },
  outcome: 'no-verdict',
  reason: `${rows} rows; ${fewestRowsForVerdict} are needed. Wait for traffic.`,
});

/** How bad a finding is: outcome first, then how far beyond its limit, weighed by importance. */
function rankOf({ outcome, value, limit, importance }: Finding): number {
  const far = limit === null ? 0 : (value ?? 0) / limit.at;
  return { page: 2e6, warn: 1e6, ok: 0, 'no-verdict': 0 }[outcome] + Math.min(far * (importance ?? 1), 1e5);
}

/**
 * Drift of the newest window: features, missing and new values, answers, and the labels of the newest one that is matured. Findings come worst
 * first: by outcome, then by drift times importance. What drifts in the features explains what drifts in the answers, which therefore pages only
 * alone. A window under 200 rows, or no window, gives no verdict.
 */
export function evaluateDrift(evidence: DriftEvidence): Finding[] {
  const { profile, windows, importances } = evidence;
  const window = windows.at(-1);
  const monthUs = 30 * 86_400e6;
  const most = window === undefined ? 1 : Math.max(1, monthUs / (window.toUs - window.fromUs));
  const alpha = alphaOf(testsOf(profile), { windows: most, ...evidence.budget });
  if (window === undefined || window.rows < fewestRowsForVerdict) return [noVerdict(window?.rows ?? 0)];
  const labelled = maturedOf(windows).at(-1) ?? window;
  const importanceOf = (subject: string): number | null => importances?.[subject] ?? null;
  const isMinor = (subject: string): boolean => (importanceOf(subject) ?? 1) < leastImportance;
  const judged = judgeDrift(checkedWindow(evidence, 1), checkedWindow(evidence, 2), alpha, isMinor);
  const explained = judged.some(({ check, level }) => check.subject !== null && level === 'page');
  const findings = judged.map((one): Finding => {
    const { measure, subject, value, interval } = one.check;
    const aboutModel = measure === 'answers' || measure === 'labelRate';
    const isEcho = measure === 'answers' && one.level === 'page' && explained;
    const reason = reasonOf(one, measure === 'labelRate' ? labelled : window);
    return {
      kind: aboutModel ? 'model' : 'data',
      name: measure === 'answers' ? 'scorePsi' : measure,
      ...{ subject, value, interval, limit: { good: 'at most', at: one.limit } },
      outcome: isEcho ? 'warn' : one.level,
      reason: isEcho ? `${reason} The features that drift explain it.` : reason,
      importance: subject === null ? null : importanceOf(subject),
    };
  });
  return findings.sort((a, b) => rankOf(b) - rankOf(a));
}
