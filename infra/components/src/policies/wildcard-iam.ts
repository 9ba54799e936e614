import type { DeclaredResource } from './declared-resource.ts';
import { listAt, textAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { identityStatements, type Statement, trustStatements } from './policy-documents.ts';

/** Reading about things, and a few actions that AWS defines for no resource in particular. Not every Get is: some hand out what is kept. */
const harmlessAnywhere =
  /^(?:[\w-]+:(?:Describe|List)\w*\*?|(?:iam|route53):Get\w*\*?|kms:GetKey\w*\*?|s3:GetBucket\w*\*?|s3:Get(?:Encryption|Lifecycle)Configuration|ec2:GetInstanceTypesFromInstanceRequirements|ecr:Get(?:AuthorizationToken|LifecyclePolicy)|secretsmanager:GetResourcePolicy|sts:GetCallerIdentity|ssmmessages:\w+|xray:Put\w+)$/;
/** Who may do this to everything becomes whoever has more rights, whatever a condition says. */
const becomesOthers = /^(?:iam|sts):/i;
/** All services, all actions of one, or one action of all. */
const wideAction = /^[*?]+$|^[^:]*[*?][^:]*:|:[*?]*\*[*?]*$/;
/** Everything, everything of a service, or every role, user and the like. */
const wideResource = /^(?:[*:]+|arn:\*|arn(?::[^:]*){4}:[*/]+|arn:[^:]*:iam:[^:]*:[^:]*:[\w-]+\/\*+)$/;
/** Policies of AWS that hold far more than any one job needs. */
const sweeping = /(?:AdministratorAccess|PowerUserAccess|\w+FullAccess)$/;

/** Operators that nothing passes which lacks the key. */
const demanding = /^(?:ForAnyValue:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like)|Bool|IpAddress)$/;

/** Whether a condition holds a request to something: not to TLS, which all of them use, nor to whatever there is. */
const binds = (condition: Statement['condition']): boolean =>
  Object.entries(condition).some(
    ([operator, keys]) =>
      demanding.test(operator) &&
      Object.entries(keys).some(
        ([key, wanted]) =>
          key.toLowerCase() !== 'aws:securetransport' && ![wanted].flat().some((one) => /^[*?]*$/.test(String(one))),
      ),
  );

function statementProblem({ allows, actions, isInverted, resources, condition }: Statement): string | null {
  if (!allows) return null;
  if (isInverted) return 'allows all but some actions; list those that are needed';
  const wide = actions.find((action) => wideAction.test(action));
  if (wide !== undefined) return `allows ${wide}; list the actions that are needed`;
  if (!resources.some((one) => wideResource.test(one))) return null;
  const risky = actions.filter((action) => !harmlessAnywhere.test(action));
  const unbound = binds(condition) ? risky.find((action) => becomesOthers.test(action)) : risky[0];
  return unbound === undefined
    ? null
    : `allows ${unbound} on every resource; name them, or set a condition that bounds it`;
}

/** Claims of a token that a condition holds to something. What it must not be leaves all the rest. */
const subjects = ({ condition }: Statement): string[] =>
  Object.entries(condition)
    .filter(([operator]) => demanding.test(operator))
    .flatMap(([, claims]) => Object.entries(claims))
    .flatMap(([claim, wanted]) => (claim.endsWith(':sub') ? [wanted].flat().map(String) : []));

/** `repo:*`, `repo:shop/*`, `repo:shop/models:*`: a wildcard in the repository, or all its jobs. */
const wideSubject = /^[^:]*(?::[^:]*)?[*?]|^[^:]*:[^:]*:[*?]/;

function trustProblem(statement: Statement): string | null {
  const { allows, principals } = statement;
  if (!allows) return null;
  if (principals.includes('*')) return 'may be taken on by anybody; name who';
  if (!principals.some((who) => who.startsWith('Federated:'))) return null;
  const named = subjects(statement);
  const isOpen = named.length === 0 || named.some((subject) => wideSubject.test(subject));
  return isOpen ? 'may be taken on with any token of that issuer; hold the claim sub to one repository and job' : null;
}

function attachmentProblem({ type, inputs }: DeclaredResource): string | null {
  const arns = [inputs.policyArn, ...listAt(inputs, 'managedPolicyArns')].map(String);
  const wide = type.startsWith('aws:iam/') ? arns.find((arn) => sweeping.test(arn)) : undefined;
  return wide === undefined ? null : `takes ${wide}; write a policy of what is needed`;
}

/** Verbs that hand out rights which one does not have. */
const growing = ['escalate', 'bind', 'impersonate'];

/** The same for the rights within a cluster. */
function clusterProblem({ type, inputs }: DeclaredResource): string | null {
  if (/:(?:ClusterRoleBinding|RoleBinding)$/.test(type))
    return textAt(inputs, 'roleRef.name') === 'cluster-admin'
      ? 'hands out cluster-admin; bind a role of what is needed'
      : null;
  if (!/^kubernetes:rbac\.authorization\.k8s\.io\/v1:(?:ClusterRole|Role)$/.test(type)) return null;
  const rules = listAt(inputs, 'rules');
  const isWide = rules.some((rule) =>
    ['verbs', 'resources', 'apiGroups'].some((name) =>
      listAt(rule, name).some((one) => /^\*(?:\/|$)/.test(String(one))),
    ),
  );
  if (isWide) return 'allows * to whoever is bound to it; list verbs, resources and groups';
  const verb = rules.flatMap((rule) => listAt(rule, 'verbs')).find((one) => growing.includes(String(one)));
  if (verb !== undefined) return `allows ${verb}, by which whoever is bound to it takes any right; take it out`;
  const readsSecrets = rules.some(
    (rule) => listAt(rule, 'resources').includes('secrets') && listAt(rule, 'resourceNames').length === 0,
  );
  return readsSecrets && type.endsWith(':ClusterRole')
    ? 'reaches the secrets of every namespace; name them, or make it a Role of one namespace'
    : null;
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
