import type { DeclaredResource } from './declared-resource.ts';
import { listAt, textAt } from './input-at.ts';

/** A statement of a policy document of AWS, its lists always lists. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  /** True for `NotAction`, which means all others. */
  readonly isInverted: boolean;
  readonly resources: readonly string[];
  /** `*` for anybody, else `<kind>:<who>` such as `Service:ec2.amazonaws.com`. */
  readonly principals: readonly string[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Json = Readonly<Record<string, unknown>>;

const list = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  return Object.entries(principal as Json).flatMap(([kind, who]) =>
    list(who).map((one) => (one === '*' ? '*' : `${kind}:${one}`)),
  );
}

/** The statements of a document, as JSON or as its text. None where the text is no document. */
export function statementsOf(document: unknown): Statement[] {
  let json: unknown = document;
  try {
    if (typeof document === 'string') json = JSON.parse(document);
  } catch {
    return [];
  }
  const statements = [(json as Json | null)?.Statement ?? []].flat() as Json[];
  return statements.map(({ Effect, Action, NotAction, Resource, NotResource, Principal, Condition }) => ({
    allows: Effect === 'Allow',
    actions: list(Action ?? NotAction),
    isInverted: NotAction !== undefined,
    // All but some is nearly all.
    resources: NotResource === undefined ? list(Resource) : ['*'],
    principals: principalsOf(Principal),
    condition: (Condition ?? {}) as Statement['condition'],
  }));
}

/** What a role, a user or a group may do, by every way in which it is given to one. */
export function identityStatements({ type, inputs }: DeclaredResource): Statement[] {
  if (!type.startsWith('aws:iam/')) return [];
  const inline = listAt(inputs, 'inlinePolicies').map((one) => textAt(one, 'policy'));
  return [inputs.policy, ...inline].flatMap(statementsOf);
}

/** Who may take on a role. */
export const trustStatements = ({ inputs }: DeclaredResource): Statement[] => statementsOf(inputs.assumeRolePolicy);

/** Who may reach a resource by its own policy: a bucket, a key, a queue, a repository. */
export const resourceStatements = ({ type, inputs }: DeclaredResource): Statement[] =>
  type.startsWith('aws:') && !type.startsWith('aws:iam/') ? statementsOf(inputs.policy) : [];
