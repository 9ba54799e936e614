import type { GateReport } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { plainText } from '@repo/contract/plain-text';
import { type ModelResult, modelOf, outcomeOf } from './model-result.ts';
import { numberText, signedText } from './number-text.ts';

const means: Record<GateVerdict['outcome'], string> = {
  pass: 'may merge and be promoted',
  inconclusive: 'may merge but not be promoted: the test rows cannot tell yet',
  fail: 'may not merge',
};

/** By how much the candidate is better; the bounds are one-sided, 95 % each. */
function primarySentence({ primary }: GateReport): string {
  const { candidate, champion, gain } = primary;
  const metric = plainText(primary.metric, 40);
  if (champion === null) return `${metric} ${numberText(candidate)}, no champion to compare with.`;
  if (gain === null)
    return `${metric} ${numberText(candidate)}, champion ${numberText(champion)}: one day tells no gain.`;
  const bounds = `95 % bounds ${signedText(gain.lower)} to ${signedText(gain.upper)}, margin ${numberText(gain.margin)}`;
  return `${metric} ${numberText(candidate)}, champion ${numberText(champion)}: gain ${signedText(gain.estimate)} (${bounds}).`;
}

/** What a verdict means and the number behind it, as plain text of one line, without the outcome's own word. */
export function verdictSentence(report: GateReport, verdict: GateVerdict): string {
  const { waived } = verdict;
  const waivers = waived.length === 0 ? '' : `, with ${waived.length === 1 ? '1 waiver' : `${waived.length} waivers`},`;
  return `${report.model}${waivers} ${means[verdict.outcome]}. ${primarySentence(report)}`;
}

/** How many models came out how: `3 models: 1 fail, 2 pass`. */
export function countSentence(results: readonly ModelResult[]): string {
  if (results.length === 0) return 'no model to judge';
  const counts = (['fail', 'inconclusive', 'pass'] as const)
    .map((outcome) => ({ outcome, count: results.filter((result) => outcomeOf(result) === outcome).length }))
    .filter(({ count }) => count > 0);
  return `${results.length} models: ${counts.map(({ outcome, count }) => `${count} ${outcome}`).join(', ')}`;
}

/** One model in a few words, as a title has room for: `flight-delay: fail (champion, slices)`. */
export function shortVerdict(result: ModelResult): string {
  const model = plainText(modelOf(result), 60);
  if (!('report' in result)) return `${model}: fail (no report)`;
  const names = result.verdict.blocking.map(({ gate }) => gate);
  return `${model}: ${result.verdict.outcome}${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}
