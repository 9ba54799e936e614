import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { parse } from 'yaml';

/** Stands for a secret whose cipher text nobody here can read. */
const hidden = '[secret]';

/** Configuration as the language runtime is handed it. */
export interface StackConfig {
  /** By whole key, such as `serving:replicas`; structured values as JSON. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys of `values` that are secrets or hold one. */
  readonly secretKeys: readonly string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** `{ secure: <cipher text> }` is how Pulumi writes a secret. */
const isSecure = (value: unknown): boolean => isObject(value) && Object.keys(value).join() === 'secure';

function reveal(value: unknown): { value: unknown; isSecret: boolean } {
  if (isSecure(value)) return { value: hidden, isSecret: true };
  if (!isObject(value) && !Array.isArray(value)) return { value, isSecret: false };
  const entries = Object.entries(value).map(([key, item]) => [key, reveal(item)] as const);
  const isSecret = entries.some(([, item]) => item.isSecret);
  const plain = entries.map(([key, item]) => [key, item.value] as const);
  return { value: Array.isArray(value) ? plain.map(([, item]) => item) : Object.fromEntries(plain), isSecret };
}

function readYaml(path: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new InputError({ path, received: 'no such file', allowed: 'a readable file', action: 'add it' });
  }
  const document: unknown = parse(text) ?? {};
  if (isObject(document)) return document;
  throw new InputError({ path, received: show(document), allowed: 'keys and values', action: 'correct it' });
}

/** Name and entry point that `Pulumi.yaml` of a program gives. Throws InputError where there is none. */
export function readProject(folder: string): { name: string; main: string } {
  const { name, main = '.' } = readYaml(join(folder, 'Pulumi.yaml'));
  return { name: String(name), main: String(main) };
}

/**
 * The configuration of `Pulumi.<stack>.yaml`, as Pulumi hands it over: a key without a namespace is the program's own, a structured value is
 * JSON, any other its text. A secret cannot be read without its key, so a placeholder stands for it. Throws InputError where the file is
 * missing or no mapping.
 */
export function readStackConfig(folder: string, project: string, stack: string): StackConfig {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  const config = readYaml(path).config ?? {};
  if (!isObject(config))
    throw new InputError({
      path: `${path} config`,
      received: show(config),
      allowed: 'keys and values',
      action: 'correct it',
    });
  const values: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, raw] of Object.entries(config)) {
    const whole = key.includes(':') ? key : `${project}:${key}`;
    const { value, isSecret } = reveal(raw);
    values[whole] = value !== null && typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (isSecret) secretKeys.push(whole);
  }
  return { values, secretKeys };
}
