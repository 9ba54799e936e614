import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** What an output of a resource of AWS is, by its name: `string`, `string[]`, `number`, `boolean`; anything else as the types say it. */
export type OutputTypes = ReadonlyMap<string, string>;

const known = new Map<string, OutputTypes>();
const none: OutputTypes = new Map();

/** `readonly arn: pulumi.Output<string>;`, of a class that the provider's package declares. */
const declaration = /^ {4}readonly (\w+): pulumi\.Output<([^>{]+)>;$/gm;

/**
 * The outputs that a resource of AWS always has, from the types in the provider's package; those that may be undefined are left out. Empty for
 * types of other providers.
 * @param type such as `aws:s3/bucket:Bucket`.
 */
export function outputTypesOf(type: string): OutputTypes {
  const found = known.get(type);
  if (found !== undefined) return found;
  const [provider, module = ''] = type.split(':');
  const file = join(dirname(require.resolve('@pulumi/aws/package.json')), `${module}.d.ts`);
  const isKnown = provider === 'aws' && existsSync(file);
  const types = isKnown
    ? new Map([...readFileSync(file, 'utf8').matchAll(declaration)].map(([, name = '', of = '']) => [name, of.trim()]))
    : none;
  known.set(type, types);
  return types;
}
