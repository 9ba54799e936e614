import type { BundleContents, BundleFile, OptionalBundleFile } from '@repo/contract/manifest';
import { parseOrThrow } from '@repo/contract/parse';
import type { z } from 'zod';

const nothing = new TextEncoder().encode('null');

/** Reads a JSON file of a bundle from its verified bytes. Throws InputError, paths starting at the file, where it is absent or does not fit the schema. */
export function bundleJson<T>(
  contents: BundleContents,
  file: Exclude<BundleFile | OptionalBundleFile, `${string}.onnx`>,
  schema: z.ZodType<T>,
): T {
  return parseOrThrow(schema, JSON.parse(new TextDecoder().decode(contents[file] ?? nothing)), file);
}
