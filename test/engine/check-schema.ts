/** The part of an OpenAPI schema that custom resources are described with. */
export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
}

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return value === null ? 'null' : typeof value;
};

function typeProblem(schema: Schema, value: unknown): string | null {
  const found = typeOf(value);
  if (schema['x-kubernetes-int-or-string'])
    return ['integer', 'string'].includes(found) ? null : 'is neither a whole number nor a text';
  const isRight =
    schema.type === undefined || schema.type === found || (schema.type === 'number' && found === 'integer');
  return isRight ? null : `is of type ${found}, not ${schema.type}`;
}

function objectProblems(schema: Schema, value: Record<string, unknown>, path: string): string[] {
  const { properties = {}, additionalProperties, required = [] } = schema;
  const missing = required.filter((name) => value[name] === undefined).map((name) => `${path}.${name} is missing`);
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true;
  return [
    ...missing,
    ...Object.entries(value).flatMap(([name, item]) => {
      const inner = properties[name] ?? others;
      if (inner !== undefined) return schemaProblems(inner, item, `${path}.${name}`);
      return isOpen ? [] : [`${path}.${name} does not exist`];
    }),
  ];
}

/**
 * What is wrong with a value by a schema, a line each. A field that the schema does not name is wrong: an API server drops it without a word,
 * so that a misspelt one does nothing.
 */
export function schemaProblems(schema: Schema, value: unknown, path: string): string[] {
  const type = typeProblem(schema, value);
  if (type !== null) return [`${path} ${type}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${path} is none of ${schema.enum.join(', ')}`];
  if (typeof value === 'number' && (value < (schema.minimum ?? value) || value > (schema.maximum ?? value)))
    return [`${path} is out of bounds`];
  if (Array.isArray(value))
    return value.flatMap((item, i) => schemaProblems(schema.items ?? {}, item, `${path}[${i}]`));
  if (value === null || typeof value !== 'object') return [];
  return schema.properties === undefined && schema.additionalProperties === undefined && schema.type === undefined
    ? []
    : objectProblems(schema, value as Record<string, unknown>, path);
}
