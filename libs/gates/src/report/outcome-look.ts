import { Outcome } from '@repo/contract/gate-report';

/** How an outcome is told: always by its word, besides a sign, so that nobody depends on a colour. */
export interface OutcomeLook {
  word: string;
  /** For Markdown, where nothing else can be coloured. */
  emoji: string;
  /** A character of any font, for the HTML page. */
  mark: string;
  /** Shape of a point in a chart, and its colour. */
  shape: string;
  color: string;
  /** 0 is worst. */
  rank: number;
}

const look = (word: string, emoji: string, mark: string, shape: string, color: string, rank: number): OutcomeLook => ({
  word,
  emoji,
  mark,
  shape,
  color,
  rank,
});

/** Every outcome's look. The colours keep apart for the colour-blind too. */
export const outcomeLooks: Readonly<Record<Outcome, OutcomeLook>> = {
  [Outcome.fail]: look('fail', '❌', '✘', 'cross', '#b3261e', 0),
  [Outcome.inconclusive]: look('inconclusive', '❔', '?', 'diamond', '#6a4c93', 1),
  [Outcome.warn]: look('warn', '⚠️', '!', 'triangle-up', '#b26a00', 2),
  [Outcome.pass]: look('pass', '✅', '✔', 'circle', '#1b6e3c', 3),
  [Outcome.notApplicable]: look('not applicable', '➖', '–', 'stroke', '#666666', 4),
};
