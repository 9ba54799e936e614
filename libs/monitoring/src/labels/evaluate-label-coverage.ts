import type { Finding } from '@repo/contract/monitor-findings';
import type { MonitoringPolicy } from '@repo/contract/monitoring-policy';
import { wilsonInterval } from '@repo/stats/wilson-interval';
import { areInARow } from '../in-a-row.ts';
import type { Window } from '../window.ts';
import { isSilent, type LabelSpan, maturedSpans } from './fair-labels.ts';

/** What {@link evaluateLabelCoverage} looks at. */
export interface CoverageEvidence {
  /** All windows, of any version; the newest span that is matured is judged, the one before must agree with a page. */
  readonly windows: readonly Window[];
  /** Up to when is looked at, UTC microseconds. */
  readonly endUs: number;
  readonly objectives: Pick<MonitoringPolicy['objectives'], 'labelCoverage'>;
}

/** Fewer matured answers of a span have no share. */
const fewestAnswers = 50;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Spans back from the newest, those of few answers joined with the ones before them: small windows too tell when labels stop. */
function joinedBack(spans: readonly LabelSpan[]): LabelSpan[] {
  const joined: LabelSpan[] = [];
  for (const span of spans.toReversed()) {
    const last = joined.at(-1);
    if (last === undefined || last.matured >= fewestAnswers) joined.push(span);
    else {
      const [matured, known] = [last.matured + span.matured, last.known + span.known];
      joined[joined.length - 1] = { ...last, fromUs: span.fromUs, matured, known };
    }
  }
  return joined;
}

/** Share of matured answers that have a label, with Wilson's interval; null for too few of them. */
function coverageOf(span: LabelSpan | undefined) {
  if (span === undefined || span.matured < fewestAnswers) return null;
  const { lower, upper } = wilsonInterval({ successes: span.known, trials: span.matured }, 0.95);
  return { share: span.known / span.matured, interval: [lower, upper] as [number, number] };
}

/**
 * Whether labels still come: the share of a window's matured answers that have one, which no label of a request that nobody asked, and none that
 * comes twice, can raise. The whole interval below the limit warns, and pages in two matured windows running. Windows of under 50 such answers are
 * taken together with those before them. None where the limit is 0.
 */
export function evaluateLabelCoverage({ windows, endUs, objectives }: CoverageEvidence): Finding[] {
  const at = objectives.labelCoverage;
  if (at === 0) return [];
  const [span, last] = isSilent(windows, endUs) ? [] : joinedBack(maturedSpans(windows));
  const now = coverageOf(span);
  const before = span !== undefined && last !== undefined && areInARow([last, span]) ? coverageOf(last) : null;
  const limit = { good: 'at least', at } as const;
  const base = { kind: 'data', name: 'labelCoverage', subject: null, limit, importance: null } as const;
  if (now === null || span === undefined) {
    const reason = `Matured windows have ${span?.matured ?? 0} answers; ${fewestAnswers} are needed. Wait.`;
    return [{ ...base, value: null, interval: null, outcome: 'no-verdict', reason }];
  }
  const isBelow = now.interval[1] < at;
  const isAgain = before !== null && before.interval[1] < at;
  const found = `${span.known} of ${span.matured} answers whose label ought to be there have one, ${percent(now.share)}; at least ${percent(at)} is good.`;
  const next = isAgain ? '' : ' Seen in one window; the next one decides.';
  const todo = ' Look whether labels still arrive, and whether they name their requests as the callers do.';
  return [
    {
      ...{ ...base, value: now.share, interval: now.interval },
      outcome: isBelow ? (isAgain ? 'page' : 'warn') : 'ok',
      reason: isBelow ? `${found}${todo}${next}` : found,
    },
  ];
}
