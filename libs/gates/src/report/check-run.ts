import { type GateResult, Outcome } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { plainText } from '@repo/contract/plain-text';
import { definitionPath, type ModelResult, modelOf, outcomeOf, worstFirst } from './model-result.ts';
import { checkLine } from './number-text.ts';
import { renderComment } from './render-comment.ts';
import { isWaived, notGoodChecks, notGoodGates } from './report-rows.ts';
import { shortVerdict } from './verdict-sentence.ts';

/** A remark beside a model's definition, in GitHub's words. */
export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'failure' | 'warning' | 'notice';
  title: string;
  /** Plain text of several lines. */
  message: string;
}

/** What GitHub is told about a commit: no request, only the data of one. */
export interface CheckRun {
  conclusion: 'success' | 'failure' | 'neutral';
  /** Plain text. */
  title: string;
  /** Markdown; the comment's text. */
  summary: string;
  annotations: Annotation[];
}

/** What GitHub takes of each. */
const limits = { titleChars: 255, summaryChars: 65_535, annotations: 50 } as const;
const shownChecks = 8;
const mostLines = 20;
/** 20 lines of three-byte characters keep within the 64 KiB of a message. */
const lineChars = 1000;

/** Inconclusive may merge, so that a rule which demands this check lets it through: neutral counts as done. */
const conclusions: Record<GateVerdict['outcome'], CheckRun['conclusion']> = {
  pass: 'success',
  inconclusive: 'neutral',
  fail: 'failure',
};

const annotation = (
  model: string,
  level: Annotation['annotation_level'],
  title: string,
  lines: readonly string[],
): Annotation => ({
  path: definitionPath(model),
  start_line: 1,
  end_line: 1,
  annotation_level: level,
  title: plainText(title, limits.titleChars),
  message: lines.map((line) => plainText(line, lineChars)).join('\n'),
});

function gateLines(result: GateResult): string[] {
  const checks = notGoodChecks(result);
  const more = checks.length > shownChecks ? [`and ${checks.length - shownChecks} more checks`] : [];
  return [result.summary, ...checks.slice(0, shownChecks).map(checkLine), ...more];
}

function annotationsOf(result: ModelResult): Annotation[] {
  const model = modelOf(result);
  if (!('report' in result)) {
    const lines = result.problem.split('\n').slice(0, mostLines);
    return [annotation(model, 'failure', `${model}: could not be judged`, lines)];
  }
  return notGoodGates(result.report, result.verdict).map((gate) => {
    const waived = isWaived(result.verdict, gate);
    const level = gate.outcome === Outcome.fail && !waived ? 'failure' : 'warning';
    const title = `${gate.gate}: ${gate.outcome}${waived ? ' (waived)' : ''}`;
    return annotation(model, level, title, gateLines(gate));
  });
}

/** At most as many as GitHub takes in one request; the last one then says how many are missing. */
function capped(annotations: Annotation[], model: string): Annotation[] {
  if (annotations.length <= limits.annotations) return annotations;
  const shown = annotations.slice(0, limits.annotations - 1);
  const missing = annotations.length - shown.length;
  return [...shown, annotation(model, 'notice', `${missing} more`, [`${missing} more remarks stand in the summary.`])];
}

/**
 * What a check run says about the models of a pull request, within GitHub's limits: `failure` when one may not merge, `neutral` when one cannot be told yet,
 * else `success`; failures are annotated before warnings, each on line 1 of its model's definition. Titles and annotations are plain text, the summary is Markdown.
 */
export function checkRunOf(results: readonly ModelResult[]): CheckRun {
  const sorted = worstFirst(results);
  const [worst] = sorted;
  const annotations = sorted.flatMap(annotationsOf);
  const levels = ['failure', 'warning', 'notice'];
  annotations.sort((a, b) => levels.indexOf(a.annotation_level) - levels.indexOf(b.annotation_level));
  return {
    conclusion: worst === undefined ? 'success' : conclusions[outcomeOf(worst)],
    title: plainText(
      worst === undefined ? 'no model to judge' : sorted.map(shortVerdict).join('; '),
      limits.titleChars,
    ),
    summary: renderComment(results, { maxChars: limits.summaryChars }),
    annotations: worst === undefined ? [] : capped(annotations, modelOf(worst)),
  };
}
