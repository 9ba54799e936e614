import { readFile } from 'node:fs/promises';
import { InputError, type Problem } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { modelNameForm } from '@repo/serving/model-repository';
import { z } from 'zod';

const key = z.strictObject({
  /** Who holds it; goes into the log. */
  id: nameSchema,
  /** SHA-256 of the key's text. Keys are 256 random bits, so a plain digest cannot be turned back. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits, the SHA-256 of a key' }),
  /** Models that it may ask; `*` stands for all. */
  models: z
    .array(z.union([z.literal('*'), z.string().regex(modelNameForm, { error: 'names of models, or *' })]))
    .min(1),
  /** Requests a minute for each replica. Default: no quota. */
  requestsPerMinute: z.int().min(1).optional(),
});

/** The file of keys: what is at rest holds no key, only digests. */
const keyFileSchema = z.strictObject({ schemaVersion: z.literal(1), keys: z.array(key).min(1) });
export type ApiKey = z.infer<typeof key>;

function duplicate(values: readonly string[]): string | undefined {
  return values.find((value, i) => values.indexOf(value) !== i);
}

/** A problem without what was received, which may be a key where a digest belongs; of scopes and quotas it is shown. */
const withoutKey = (problem: Problem): Problem =>
  problem.received === 'nothing' || /\.(models(\[\d+\])?|requestsPerMinute)$/.test(problem.path)
    ? problem
    : { ...problem, received: 'what is not shown here, as it may be a key' };

function parseKeys(json: unknown, where: string): readonly ApiKey[] {
  try {
    return parseOrThrow(keyFileSchema, json, where).keys;
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.problems.map(withoutKey)) : error;
  }
}

/** Reads the keys. Throws InputError where the file cannot be read, is no JSON, or names an id or a key twice. */
export async function readKeyFile(path: string): Promise<readonly ApiKey[]> {
  const where = 'API_KEYS_FILE';
  const refuse = (received: string, allowed: string, action: string): never => {
    throw new InputError({ path: where, received, allowed, action });
  };
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    refuse(`${path} (${error.code})`, 'a readable file of keys', 'correct the path or its permissions'),
  );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuse('text that is not JSON', '{"schemaVersion":1,"keys":[...]}', 'correct the file');
  }
  const keys = parseKeys(json, where);
  const twice = duplicate(keys.map(({ id }) => id)) ?? duplicate(keys.map(({ sha256 }) => sha256));
  if (twice !== undefined) refuse(`${twice} twice`, 'each id and each digest once', 'remove one of them');
  return keys;
}
