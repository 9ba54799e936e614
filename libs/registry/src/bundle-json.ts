import type { BundleContents, BundleFile, OptionalBundleFile } from '@repo/contract/manifest';
import type { z } from 'zod';
import { parseJson } from './json-object.ts';

const nothing = new TextEncoder().encode('null');

/**
 * Reads a JSON file of a bundle from its verified bytes. Throws InputError, paths starting at the file, where it is absent, no JSON or
 * does not fit the schema.
 */
export function bundleJson<T>(
  contents: BundleContents,
  file: Exclude<BundleFile | OptionalBundleFile, `${string}.onnx`>,
  schema: z.ZodType<T>,
): T {
  return parseJson(schema, contents[file] ?? nothing, file);
}
