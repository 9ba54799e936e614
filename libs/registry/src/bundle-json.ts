import type { BundleContents, BundleFile } from '@repo/contract/manifest';
import { parseOrThrow } from '@repo/contract/parse';
import type { z } from 'zod';

/** Reads a JSON file of a bundle from its verified bytes. Throws InputError, paths starting at the file, where it does not fit the schema. */
export function bundleJson<T>(
  contents: BundleContents,
  file: Exclude<BundleFile, 'model.onnx'>,
  schema: z.ZodType<T>,
): T {
  return parseOrThrow(schema, JSON.parse(new TextDecoder().decode(contents[file])), file);
}
