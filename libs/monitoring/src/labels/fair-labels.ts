import type { Window } from '../window.ts';

/** Share of a window's own answers that must be matured: one that was asked about an event of next year keeps no window waiting. */
const maturedShare = 0.95;

type Labelled = Pick<Window, 'levels'> & { readonly labels: Pick<Window['labels'], 'matured'> };

/** Answers of the champion level, whose labels a window counts. */
const ownAnswers = ({ levels }: Labelled): number => levels.champion ?? 0;

/** Whether almost all labels of some windows have had their time; false where the champion level answered nothing. */
export function isMatured(windows: readonly Labelled[]): boolean {
  const sum = (of: (window: Labelled) => number) => windows.reduce((total, window) => total + of(window), 0);
  const own = sum(ownAnswers);
  return own > 0 && sum(({ labels }) => labels.matured) >= maturedShare * own;
}

/** After so long without an answer, what was found about the last ones is no news. */
const silentUs = 7 * 86_400e6;

/** Whether nobody has answered for a week before `endUs`; true without windows. */
export const isSilent = (windows: readonly Window[], endUs: number): boolean =>
  endUs - windows.reduce((newest, { toUs }) => Math.max(newest, toUs), 0) > silentUs;

/**
 * Windows without the labels of those of whose matured answers a smaller share than `labelCoverage` has one: which ones are missing is seldom
 * chance, as a feed that stops at noon has told of all early flights and of no late one.
 */
export const fairLabels = (windows: readonly Window[], labelCoverage: number): Window[] =>
  windows.map((window) => {
    const { labels } = window;
    if (labels.known >= labelCoverage * labels.matured) return window;
    const none = labels.knownByAnswer.map(() => 0);
    const counts = { known: 0, positive: 0, falsePositive: 0, falseNegative: 0, lossMillionths: 0 };
    return { ...window, labels: { ...labels, ...counts, knownByAnswer: none, positiveByAnswer: none } };
  });

/** What one span of traffic, whatever version answered, has of labels. */
export interface LabelSpan extends Omit<Window['labels'], 'provisional' | 'knownByAnswer' | 'positiveByAnswer'> {
  readonly fromUs: number;
  readonly toUs: number;
}

/** The spans of windows whose labels have had their time, versions that answered side by side together, oldest first. */
export function maturedSpans(windows: readonly Window[]): LabelSpan[] {
  return [...Map.groupBy(windows, ({ fromUs }) => fromUs)]
    .filter(([, ofSpan]) => isMatured(ofSpan))
    .sort(([a], [b]) => a - b)
    .map(([fromUs, ofSpan]) => {
      const sum = (name: keyof Omit<LabelSpan, 'fromUs' | 'toUs'>) =>
        ofSpan.reduce((total, { labels }) => total + labels[name], 0);
      return {
        fromUs,
        toUs: Math.max(...ofSpan.map(({ toUs }) => toUs)),
        matured: sum('matured'),
        known: sum('known'),
        positive: sum('positive'),
        falsePositive: sum('falsePositive'),
        falseNegative: sum('falseNegative'),
        lossMillionths: sum('lossMillionths'),
      };
    });
}
