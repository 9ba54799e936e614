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

/** Whom a statement means: the asker, as everybody or by name; the account of the asker, by its root; somebody else. */
function meantBy(wanted: Statement['Principal'], principal: IamRequest['principal']): 'asker' | 'account' | 'other' {
  if (wanted === undefined || wanted === '*') return 'asker';
  const pairs = Object.entries(wanted).flatMap(([kind, ids]) =>
    listOf(ids).map((one) => ({ one, id: principal?.[kind] })),
  );
  if (pairs.some(({ one, id }) => id !== undefined && (one === '*' || one === id))) return 'asker';
  return pairs.some(({ one, id }) => id !== undefined && isRootOf(one, id)) ? 'account' : 'other';
}

const isRootOf = (wanted: string, id: string): boolean =>
  wanted.endsWith(':root') && id.startsWith(wanted.slice(0, -'root'.length));

function speaksOf(statement: Statement, { action, resource = '*', principal, context = {} }: IamRequest): boolean {
  const isResource = (pattern: string): boolean => {
    const filled = withVariables(pattern, context);
    return filled !== null && matchArn(filled, resource);
  };
  return (
    meantBy(statement.Principal, principal) !== 'other' &&
    listOf(statement.Action).some((pattern) => matchPattern(pattern.toLowerCase(), action.toLowerCase())) &&
    (statement.Resource === undefined || listOf(statement.Resource).some(isResource)) &&
    conditionHolds(statement.Condition, context)
  );
}

/**
 * How AWS would decide by these documents alone, so that tests can say what a role may do and what not. A deny wins over every allow, and
 * what nothing allows is refused. With a boundary, both it and the documents must allow. A document of a resource that names the root of an
 * account only lets the account decide: `identity`, the asker's own documents, must allow as well; left out, the asker has none. It knows
 * what the documents here use of IAM (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html) and throws
 * for other operators; policies of organizations, sessions and other accounts it does not know.
 */
export function evaluateIam(
  documents: readonly PolicyDocument[],
  request: IamRequest,
  boundary?: PolicyDocument,
  identity: readonly PolicyDocument[] = [],
): Verdict {
  const statementsOf = (all: readonly PolicyDocument[]) =>
    all.flatMap(({ Statement }) => Statement).filter((statement) => speaksOf(statement, request));
  const [own, ofAsker] = [statementsOf(documents), statementsOf(identity)];
  const bounding = boundary === undefined ? null : statementsOf([boundary]);
  if ([...own, ...ofAsker, ...(bounding ?? [])].some(({ Effect }) => Effect === 'Deny')) return Verdict.explicitDeny;
  // Nothing denies any more, so that one statement on each side suffices.
  const isAskerNamed = own.some(({ Principal }) => meantBy(Principal, request.principal) === 'asker');
  const isAllowed = isAskerNamed || (own.length > 0 && ofAsker.length > 0);
  return isAllowed && bounding?.length !== 0 ? Verdict.allow : Verdict.noAllow;
}
