/** One thing wrong with an input: where it stands, what came, what is allowed and what to do about it. */
export interface Problem {
  /** Dotted path of the value in its document, command line or table, such as `split.train[1]`. */
  path: string;
  /** What was received, already shortened for display; see {@link show}. */
  received: string;
  /** What would have been accepted. */
  allowed: string;
  /** The next step for whoever made the input. */
  action: string;
}

/** A value as it is shown in an error: JSON where possible, cut at 80 characters so that a huge input cannot flood a log. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'function')
    return String(value).slice(0, 80);
  let text: string;
  try {
    // A text is cut before it is copied: it may be a whole body.
    text = JSON.stringify(typeof value === 'string' ? value.slice(0, 80) : value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Problems as people read them: a line for each. */
export const problemLines = (problems: readonly Problem[]): string =>
  problems.map((p) => `${p.path}: received ${p.received}; allowed: ${p.allowed}; ${p.action}`).join('\n');

/**
 * The input is wrong, not the program: commands exit with 2 and the service answers with a 4xx status.
 * Carries every problem found, so that one run shows them all. The message holds a line for each.
 */
export class InputError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[]) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(problemLines(list));
    this.name = 'InputError';
    this.problems = list;
  }
}
