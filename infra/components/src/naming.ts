import { sha256 } from '@repo/contract/canonical-json';
import type { Stack } from './stack.ts';

/** What everything is called first; a fork changes it here. */
const product = 'causeway';

/** Tags of a resource of AWS, all of which every one must carry. */
export interface Tags {
  readonly product: string;
  readonly stack: Stack;
  /** The program that declares it. */
  readonly program: string;
  readonly 'managed-by': 'pulumi';
}

/** Names a thing: `causeway-prod-artifacts`. Cut to `most` characters with a digest of the whole, so that two long names stay two. */
export function physicalName(stack: Stack, what: string, most = 63): string {
  const name = `${product}-${stack}-${what}`;
  if (name.length <= most) return name;
  const digest = sha256(name).slice(0, 8);
  return `${name.slice(0, most - digest.length - 1).replace(/-+$/, '')}-${digest}`;
}

/** Tags of everything that a program declares in a stack. */
export const tagsOf = (stack: Stack, program: string): Tags => ({ product, stack, program, 'managed-by': 'pulumi' });

/** Labels of a Kubernetes object, as Kubernetes recommends them. `name` is what it belongs to: a model, or a part of the platform. */
export const labelsOf = (name: string, component: string): Record<string, string> => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/part-of': product,
  'app.kubernetes.io/managed-by': 'pulumi',
});

/** Tags of one resource, with the name that the console shows. */
export const namedTags = (tags: Tags, name: string): Record<string, string> => ({ ...tags, Name: name });
