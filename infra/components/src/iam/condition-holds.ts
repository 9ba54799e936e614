import { matchArn, matchPattern } from './match-pattern.ts';
import type { Statement } from './policy-document.ts';

/** What is known of a request besides who does what to what: `aws:SecureTransport`, `s3:prefix`. */
export type Context = Readonly<Record<string, string>>;

type Test = (wanted: string, value: string) => boolean;

/** Operators by name. Those of `negated` hold where no value fits, and where the request says nothing. */
const operators: Readonly<Record<string, { readonly test: Test; readonly negated?: true }>> = {
  StringEquals: { test: (wanted, value) => wanted === value },
  StringNotEquals: { test: (wanted, value) => wanted === value, negated: true },
  StringLike: { test: matchPattern },
  StringNotLike: { test: matchPattern, negated: true },
  ArnLike: { test: matchArn },
  ArnNotLike: { test: matchArn, negated: true },
  Bool: { test: (wanted, value) => wanted.toLowerCase() === value.toLowerCase() },
  NumericLessThan: { test: (wanted, value) => Number(value) < Number(wanted) },
};

const listOf = (values: string | readonly string[]): readonly string[] =>
  typeof values === 'string' ? [values] : values;

/** Replaces `${key}` by what the request says of it; null when it says nothing, and then no value fits. */
export function withVariables(text: string, context: Context): string | null {
  let known = true;
  const filled = text.replace(/\$\{([^}]+)\}/g, (_, key: string) => {
    known &&= context[key] !== undefined;
    return context[key] ?? '';
  });
  return known ? filled : null;
}

function keyHolds(name: string, wanted: readonly string[], value: string | undefined, context: Context): boolean {
  if (name === 'Null') return wanted.includes(String(value === undefined));
  // Of a key with several values the context holds one here, and it is the one that decides.
  const ofAny = name.startsWith('ForAnyValue:');
  const plain = name.replace(/^ForAnyValue:/, '').replace(/IfExists$/, '');
  const operator = operators[plain];
  // A condition that nobody here understands must not pass for one that holds, nor for one that does not.
  if (operator === undefined) throw new Error(`the evaluator does not know the operator ${name}; add it and its test`);
  if (value === undefined) return !ofAny && (name.endsWith('IfExists') || operator.negated === true);
  const fits = wanted.some((one) => {
    const filled = withVariables(one, context);
    return filled !== null && operator.test(filled, value);
  });
  return fits !== (operator.negated === true);
}

/** Whether a statement's condition holds for a request. Throws for an operator that is not known here. */
export function conditionHolds(condition: Statement['Condition'], context: Context): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => keyHolds(operator, listOf(wanted), context[key], context)),
  );
}
