import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Schema, schemaProblems } from './check-schema.ts';
import type { Manifest } from './manifest.ts';

interface Model {
  new (object: object): { validate(): void };
}

/** A class of kubernetes-models for a kind; null for one that is not Kubernetes' own. */
async function modelOf({ api, kind }: Manifest): Promise<Model | null> {
  const path = api.replace(/^core\//, '');
  try {
    const module = (await import(/* @vite-ignore */ `kubernetes-models/${path}/${kind}`)) as Record<string, Model>;
    return module[kind] ?? null;
  } catch {
    return null;
  }
}

/** Schema of the `spec` of a custom resource, as its own definition has it; null where there is no copy. */
function schemaOf({ api, kind }: Manifest): Schema | null {
  const file = fileURLToPath(new URL(`./schemas/${api.replace('/', '_')}_${kind}.json`, import.meta.url));
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Schema) : null;
}

async function problemsOf(manifest: Manifest): Promise<string[]> {
  const { object, where } = manifest;
  const schema = schemaOf(manifest);
  if (schema !== null) return schemaProblems(schema, object.spec, 'spec').map((problem) => `${where}: ${problem}`);
  const KnownModel = await modelOf(manifest);
  if (KnownModel === null) return [`${where}: no schema is known; put one into test/engine/schemas`];
  try {
    new KnownModel(object).validate();
    return [];
  } catch (error) {
    return [`${where}: ${(error as Error).message}`];
  }
}

/** The pods that a custom resource makes, as pods of Kubernetes, so that they are looked at like any other. */
const podsIn = ({ where, object }: Manifest): Manifest[] => {
  const { template } = (object.spec ?? {}) as { template?: Record<string, unknown> };
  if (template === undefined) return [];
  return [
    {
      where: `${where} (template)`,
      api: 'core/v1',
      kind: 'Pod',
      object: { apiVersion: 'v1', kind: 'Pod', ...template },
    },
  ];
};

/** Manifests of Kubernetes' own kinds: those that are, and the pods of those that are not. */
export const ownKinds = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.flatMap((one) => (schemaOf(one) === null ? [one] : podsIn(one)));

/** What the schemas of Kubernetes and of custom resources say against manifests, a line each. Unknown fields are found in the latter only. */
export async function manifestProblems(manifests: readonly Manifest[]): Promise<string[]> {
  const pods = manifests.flatMap((one) => (schemaOf(one) === null ? [] : podsIn(one)));
  return (await Promise.all([...manifests, ...pods].map(problemsOf))).flat();
}
