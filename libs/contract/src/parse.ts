import type { z } from 'zod';
import { InputError, type Problem, show } from './input-error.ts';

type Issue = z.core.$ZodIssue;

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const key of path) here = (here as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return here;
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
    root,
  );
}

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

/** A size as zod bounds it: a number itself, the length of anything else. */
const measure = (origin: string): string => (origin === 'number' ? 'a number' : `${withArticle(origin)} of length`);

function allowedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : withArticle(issue.expected);
    case 'invalid_format':
      return issue.format === 'date' ? 'a day such as 2013-09-30' : issue.message;
    case 'invalid_key':
      return issue.issues[0] === undefined ? issue.message : allowedBy(issue.issues[0]);
    case 'invalid_union':
      return issue.message
        .replace(/^Invalid discriminator value\. Expected /, '')
        .replaceAll(' | ', ', ')
        .replaceAll("'", '"');
    case 'invalid_value':
      return issue.values.map((v) => show(v)).join(', ');
    case 'too_small':
      return `${measure(issue.origin)} ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `${measure(issue.origin)} ${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function problemsOf(issue: Issue, value: unknown, root: string): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText(root, [...issue.path, key]),
      received: show(at(value, [...issue.path, key])),
      allowed: 'no such field here',
      action: 'remove it, or correct its spelling',
    }));
  }
  const received = show(at(value, issue.path));
  const action = received === 'nothing' ? 'add it' : 'change it';
  const own = issue.code === 'custom' ? (issue.params as Partial<Problem> | undefined) : undefined;
  return [{ path: pathText(root, issue.path), received, allowed: allowedBy(issue), action, ...own }];
}

/**
 * Parses a value with a schema; throws InputError with one problem for each issue, paths starting at `root`.
 * A custom issue may carry `params: { received, allowed, action }` to say more than the schema knows.
 */
export function parseOrThrow<T>(schema: z.ZodType<T>, value: unknown, root: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(result.error.issues.flatMap((issue) => problemsOf(issue, value, root)));
}
