import { type Context, conditionHolds, withVariables } from './condition-holds.ts';
import { matchArn, matchPattern } from './match-pattern.ts';
import type { PolicyDocument, Statement } from './policy-document.ts';

/** What somebody asks of AWS. */
export interface IamRequest {
  /** `s3:GetObject` */
  readonly action: string;
  /** ARN of what it is done to. Left out: the action knows none, or a role is taken. */
  readonly resource?: string | undefined;
  /** Who asks, as IAM spells a principal: `{ Service: 'ec2.amazonaws.com' }`. Left out: whoever has the role. */
  readonly principal?: Readonly<Record<string, string>> | undefined;
  readonly context?: Context | undefined;
}

/** How a request ends. */
export const Verdict = { allow: 'allow', explicitDeny: 'explicit deny', noAllow: 'nothing allows it' } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

const listOf = (values: string | readonly string[]): readonly string[] =>
  typeof values === 'string' ? [values] : values;

function isPrincipal(wanted: Statement['Principal'], principal: IamRequest['principal']): boolean {
  if (wanted === undefined) return true;
  if (wanted === '*') return true;
  return Object.entries(wanted).some(([kind, ids]) => {
    const id = principal?.[kind];
    return id !== undefined && listOf(ids).some((one) => one === '*' || one === id || isRootOf(one, id));
  });
}

/** An account's root stands for everybody of the account. */
const isRootOf = (wanted: string, id: string): boolean =>
  wanted.endsWith(':root') && id.startsWith(wanted.slice(0, -'root'.length));

function speaksOf(statement: Statement, { action, resource = '*', principal, context = {} }: IamRequest): boolean {
  const isResource = (pattern: string): boolean => {
    const filled = withVariables(pattern, context);
    return filled !== null && matchArn(filled, resource);
  };
  return (
    isPrincipal(statement.Principal, principal) &&
    listOf(statement.Action).some((pattern) => matchPattern(pattern.toLowerCase(), action.toLowerCase())) &&
    (statement.Resource === undefined || listOf(statement.Resource).some(isResource)) &&
    conditionHolds(statement.Condition, context)
  );
}

/**
 * How AWS would decide by these documents alone, so that tests can say what a role may do and what not. A deny wins over every allow, and
 * what nothing allows is refused. With a boundary, both it and the documents must allow. It knows what the documents here use of IAM
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html) and throws for other operators; policies of
 * organizations, sessions and other accounts it does not know.
 */
export function evaluateIam(
  documents: readonly PolicyDocument[],
  request: IamRequest,
  boundary?: PolicyDocument,
): Verdict {
  const statementsOf = (all: readonly PolicyDocument[]) =>
    all.flatMap(({ Statement }) => Statement).filter((statement) => speaksOf(statement, request));
  const own = statementsOf(documents);
  const bounding = boundary === undefined ? null : statementsOf([boundary]);
  if ([...own, ...(bounding ?? [])].some(({ Effect }) => Effect === 'Deny')) return Verdict.explicitDeny;
  // Nothing denies any more, so that one statement on each side suffices.
  return own.length > 0 && bounding?.length !== 0 ? Verdict.allow : Verdict.noAllow;
}
