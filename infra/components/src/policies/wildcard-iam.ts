import type { DeclaredResource } from './declared-resource.ts';
import { listAt, textAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { identityStatements, type Statement, trustStatements } from './policy-documents.ts';

/** Reading about things, and a few actions that AWS defines for no resource in particular. */
const harmlessAnywhere =
  /^(?:[\w-]+:(?:Describe|List|Get)\w*\*?|ecr:GetAuthorizationToken|sts:GetCallerIdentity|ssmmessages:\w+|xray:Put\w+)$/;
/** Policies of AWS that hold far more than any one job needs. */
const sweeping = /(?:AdministratorAccess|PowerUserAccess|\w+FullAccess)$/;

function statementProblem({ allows, actions, isInverted, resources, condition }: Statement): string | null {
  if (!allows) return null;
  if (isInverted) return 'allows all but some actions; list those that are needed';
  const wide = actions.find((action) => /^(?:\*|[\w-]+:\*)$/.test(action));
  if (wide !== undefined) return `allows ${wide}; list the actions that are needed`;
  const isEverywhere = resources.includes('*') && Object.keys(condition).length === 0;
  const unbound = actions.find((action) => !harmlessAnywhere.test(action));
  return isEverywhere && unbound !== undefined
    ? `allows ${unbound} on every resource; name them, or set a condition`
    : null;
}

/** Claims of a token that a condition holds to something. */
const subjects = ({ condition }: Statement): string[] =>
  Object.values(condition).flatMap((claims) =>
    Object.entries(claims).flatMap(([claim, wanted]) => (claim.endsWith(':sub') ? [wanted].flat().map(String) : [])),
  );

function trustProblem(statement: Statement): string | null {
  const { allows, principals } = statement;
  if (!allows) return null;
  if (principals.includes('*')) return 'may be taken on by anybody; name who';
  if (!principals.some((who) => who.startsWith('Federated:'))) return null;
  const named = subjects(statement);
  const isOpen =
    named.length === 0 || named.some((subject) => /^(?:\*|repo:\*|repo:[^/]+\/\*|system:\*)/.test(subject));
  return isOpen ? 'may be taken on with any token of that issuer; hold the claim sub to one repository and job' : null;
}

function attachmentProblem({ type, inputs }: DeclaredResource): string | null {
  const arns = [inputs.policyArn, ...listAt(inputs, 'managedPolicyArns')].map(String);
  const wide = type.startsWith('aws:iam/') ? arns.find((arn) => sweeping.test(arn)) : undefined;
  return wide === undefined ? null : `takes ${wide}; write a policy of what is needed`;
}

/** The same for the rights within a cluster. */
function clusterProblem({ type, inputs }: DeclaredResource): string | null {
  if (/:(?:ClusterRoleBinding|RoleBinding)$/.test(type))
    return textAt(inputs, 'roleRef.name') === 'cluster-admin'
      ? 'hands out cluster-admin; bind a role of what is needed'
      : null;
  if (!/^kubernetes:rbac\.authorization\.k8s\.io\/v1:(?:ClusterRole|Role)$/.test(type)) return null;
  const isWide = listAt(inputs, 'rules').some((rule) =>
    ['verbs', 'resources', 'apiGroups'].some((name) => listAt(rule, name).includes('*')),
  );
  return isWide ? 'allows * to whoever is bound to it; list verbs, resources and groups' : null;
}

/** A policy that bounds roles and is given to none: it takes rights away, so that it may speak of whole services. */
function isBoundary({ type, inputs }: DeclaredResource, resources: readonly DeclaredResource[]): boolean {
  const ends = `:policy/${textAt(inputs, 'name')}`;
  const isUsedAs = (input: string) => resources.some((one) => textAt(one.inputs, input).endsWith(ends));
  return type === 'aws:iam/policy:Policy' && isUsedAs('permissionsBoundary') && !isUsedAs('policyArn');
}

/** Rights are lists of what is needed, on things that are named. */
export const wildcardIam: Policy = {
  name: 'wildcard-iam',
  demands: 'Rights are lists of actions on named things, and a role says who may take it on.',
  check: ({ resources }) =>
    resources.flatMap((resource) =>
      [
        ...(isBoundary(resource, resources) ? [] : identityStatements(resource).map(statementProblem)),
        ...trustStatements(resource).map(trustProblem),
        attachmentProblem(resource),
        clusterProblem(resource),
      ].flatMap((problem) => (problem === null ? [] : [{ resource, problem }])),
    ),
};
