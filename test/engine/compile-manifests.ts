import { literalProblems } from './compile-literals.ts';
import type { Manifest } from './manifest.ts';

/** `apps/v1` is `apps.v1` in the types of the provider, `rbac.authorization.k8s.io/v1` `rbac.v1`. */
const typeOf = ({ api, kind }: Manifest): string => {
  const [group = '', version = ''] = api.split('/');
  return `types.input.${group.replace(/\..*$/, '')}.${version}.${kind}`;
};

/**
 * What TypeScript says against manifests that are written down as literals of the provider's own types, a line each: fields that do not exist
 * above all, which no schema of Kubernetes refuses.
 */
export function typeProblems(root: string, manifests: readonly Manifest[]): string[] {
  const literals = manifests.map((one) => ({ where: one.where, type: typeOf(one), value: one.object }));
  return literalProblems(root, "import type * as types from '@pulumi/kubernetes/types/index.js';", literals);
}
