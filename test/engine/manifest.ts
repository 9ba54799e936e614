import type { Rendered } from '@repo/preview/rendered';

/** An object that is sent to a Kubernetes API server. */
export interface Manifest {
  /** Where it was declared, for messages: `serving on prod: kubernetes:apps/v1:Deployment demand`. */
  readonly where: string;
  /** Such as `apps/v1`, with `core/v1` for the group that has no name. */
  readonly api: string;
  readonly kind: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Every object that programs send to an API server as they declare it; charts are made elsewhere. Equal ones once. */
export function manifestsOf(renderings: readonly Rendered[]): Manifest[] {
  const found = new Map<string, Manifest>();
  for (const { program, stack, resources } of renderings) {
    for (const { type, name, inputs } of resources) {
      const [provider, api = '', kind = ''] = type.split(':');
      if (provider !== 'kubernetes' || api.startsWith('helm.sh/') || api.startsWith('yaml/')) continue;
      const where = `${program} on ${stack}: ${type} ${name}`;
      const key = JSON.stringify(inputs);
      if (!found.has(key)) found.set(key, { where, api, kind, object: inputs });
    }
  }
  return [...found.values()];
}
