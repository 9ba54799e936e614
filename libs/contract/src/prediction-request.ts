import { z } from 'zod';
import { InputError, type Problem, show } from './input-error.ts';
import { parseInstant } from './instant.ts';
import type { ModelContract } from './model-contract.ts';
import { parseOrThrow } from './parse.ts';
import type { ColumnType } from './source.ts';

/** A checked prediction request: every field of the contract by name, an absent one null, instants in UTC microseconds. */
export type PredictionRequest = Readonly<Record<string, string | number | boolean | null>>;

const instant = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601 with its zone' })
  .transform((text, context) => {
    try {
      return parseInstant(text, '');
    } catch (error) {
      const params = error instanceof InputError ? (error.problems[0] as Problem) : undefined;
      context.addIssue({ code: 'custom', params: { allowed: params?.allowed, action: params?.action } });
      return z.NEVER;
    }
  });

const valueSchemas: Readonly<Record<ColumnType, z.ZodType<string | number | boolean>>> = {
  text: z.string(),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  instant,
};

/** The schema of a model's prediction requests: what the parser checks and what OpenAPI shows. Optional fields may be null. */
export function predictionRequestSchema(contract: ModelContract) {
  const fields = contract.request.map(({ name, type, required, about }) => {
    const value = required ? valueSchemas[type] : valueSchemas[type].nullish();
    return [name, value.meta({ description: about })] as const;
  });
  return z.strictObject(Object.fromEntries(fields));
}

function unknownFields(body: object, allowed: readonly string[], root: string): Problem[] {
  return Object.entries(body)
    .filter(([name]) => !allowed.includes(name))
    .map(([name, value]) => ({
      path: `${root}.${name.slice(0, 80)}`,
      received: show(value),
      allowed: allowed.join(', '),
      action: 'remove it, or correct its spelling',
    }));
}

/**
 * Makes the parser of a model's prediction requests. The parser throws InputError naming every wrong, missing and unknown field.
 * Made once for a model: building the schema costs more than a hundred parses.
 */
export function createRequestParser(contract: ModelContract): (body: unknown) => PredictionRequest {
  const schema = predictionRequestSchema(contract);
  const names = contract.request.map(({ name }) => name);
  const root = 'request';
  return (body) => {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      const received = show(body);
      throw new InputError({ path: root, received, allowed: `an object with ${names.join(', ')}`, action: 'send one' });
    }
    const problems = unknownFields(body, names, root);
    const known = Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
    try {
      const parsed = parseOrThrow(schema, known, root);
      if (problems.length === 0) return Object.fromEntries(names.map((name) => [name, parsed[name] ?? null]));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
    throw new InputError(problems);
  };
}
