type Args = Readonly<Record<string, unknown>>;

interface Statement {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  notResources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

/** A list of one is written as its only item, as AWS itself does. */
const flat = (list: readonly string[]): string | readonly string[] => (list.length === 1 ? (list[0] as string) : list);

function conditionOf(conditions: NonNullable<Statement['conditions']>): Record<string, Record<string, unknown>> {
  const tests: Record<string, Record<string, unknown>> = {};
  for (const { test, variable, values } of conditions) tests[test] = { ...tests[test], [variable]: flat(values) };
  return tests;
}

const principalOf = (principals: NonNullable<Statement['principals']>): unknown =>
  principals.some(({ type }) => type === '*')
    ? '*'
    : Object.fromEntries(principals.map(({ type, identifiers }) => [type, flat(identifiers)]));

function statementOf(statement: Statement): Record<string, unknown> {
  const { sid, effect = 'Allow', actions, notActions, resources, notResources, principals, conditions } = statement;
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(actions === undefined ? {} : { Action: flat(actions) }),
    ...(notActions === undefined ? {} : { NotAction: flat(notActions) }),
    ...(resources === undefined ? {} : { Resource: flat(resources) }),
    ...(notResources === undefined ? {} : { NotResource: flat(notResources) }),
    ...(principals === undefined ? {} : { Principal: principalOf(principals) }),
    ...(conditions === undefined ? {} : { Condition: conditionOf(conditions) }),
  };
}

/** The answer to `aws.iam.getPolicyDocument`: the JSON that the provider makes of a document written as arguments. */
export function policyDocument(args: Args): Record<string, unknown> {
  const { version = '2012-10-17', statements = [] } = args as { version?: string; statements?: Statement[] };
  const json = JSON.stringify({ Version: version, Statement: statements.map(statementOf) });
  return { id: 'document', version, json, minifiedJson: json };
}
