import * as pulumi from '@pulumi/pulumi';
import { parseOrThrow } from '@repo/contract/parse';
import type { z } from 'zod';
import { toStack } from './stack.ts';
import './plain-input-errors.ts';

/** Structured values come as JSON; a plain text such as a region is no JSON and stays what it is. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The configuration of the running program, checked against a schema. Throws InputError with a line for each wrong key, naming the file:
 * `Pulumi.prod.yaml serving.replicas: received ...`. `secrets` are keys that are not read here, or they would stand in outputs and
 * errors: the program asks for each with `requireSecret`.
 */
export function readConfig<T>(schema: z.ZodType<T>, secrets: readonly string[] = []): T {
  const project = pulumi.getProject();
  const stack = toStack(pulumi.getStack());
  const prefix = `${project}:`;
  const own = Object.entries(pulumi.runtime.allConfig()).flatMap(([key, text]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), text] as const] : [],
  );
  const open = own.filter(([key]) => !secrets.includes(key)).map(([key, text]) => [key, parseValue(text)]);
  return parseOrThrow(schema, Object.fromEntries(open), `Pulumi.${stack}.yaml ${project}`);
}
