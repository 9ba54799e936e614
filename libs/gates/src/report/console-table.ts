import { plainText } from '@repo/contract/plain-text';
import type { JudgedModel } from './model-result.ts';
import { outcomeLooks } from './outcome-look.ts';
import { isWaived } from './report-rows.ts';
import { verdictSentence } from './verdict-sentence.ts';

/**
 * A model's gates for a terminal or a log: the verdict, then a line for each in the order of the report. Words and spaces only: no colour for NO_COLOR to forbid,
 * and no control sequence out of a report's texts. Summaries are cut at `maxSummaryChars` (default 160).
 */
export function consoleTable({ report, verdict }: JudgedModel, maxSummaryChars = 160): string {
  const rows = report.gates.map((result) => ({
    outcome: `${outcomeLooks[result.outcome].word}${isWaived(verdict, result) ? ' (waived)' : ''}`,
    gate: result.gate,
    summary: plainText(result.summary, maxSummaryChars),
  }));
  const outcomeChars = Math.max(...rows.map(({ outcome }) => outcome.length));
  const gateChars = Math.max(...rows.map(({ gate }) => gate.length));
  const lines = rows.map(({ outcome, gate, summary }) =>
    `${outcome.padEnd(outcomeChars)}  ${gate.padEnd(gateChars)}  ${summary}`.trimEnd(),
  );
  const word = outcomeLooks[verdict.outcome].word;
  return `${word}: ${plainText(verdictSentence(report, verdict))}\n\n${lines.join('\n')}\n`;
}
