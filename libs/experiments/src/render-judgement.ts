import type { Judgement } from '@repo/contract/judgement';

/** A judgement as Markdown for an issue or a pull request: a sentence, then a table with a row for each metric. Texts from outside become inert. */
export function judgementMarkdown(judgement: Judgement): string {
  return `${judgement.reason}\n`;
}

/** A judgement as lines for a terminal or a log, without colour. */
export function judgementLines(judgement: Judgement): string[] {
  return [`${judgement.verdict}: ${judgement.reason}`];
}
