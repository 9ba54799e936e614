import { inferRequestSchema } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkInferRequest } from './check-infer-request.ts';

function refusalOf(body: unknown): string | null {
  try {
    checkInferRequest(body);
    return null;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'invalid_request') throw error;
    return error.problems[0]?.path ?? '';
  }
}

function schemaPaths(body: unknown): string[] {
  const result = inferRequestSchema.safeParse(body);
  const write = (path: readonly PropertyKey[]) =>
    path.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`),
      'request',
    );
  return result.success ? [] : result.error.issues.map(({ path }) => write(path));
}

/** Mostly right, now and then something else in its place. */
const orWrong = <T>(right: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: right as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue() });
const absentOr = (right: fc.Arbitrary<unknown>) => fc.option(right, { nil: undefined });
const parameters = absentOr(orWrong(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 })));
const input = orWrong(
  fc.record({
    name: orWrong(fc.string()),
    shape: orWrong(fc.array(orWrong(fc.maxSafeInteger()), { maxLength: 4 })),
    datatype: orWrong(fc.constant('FP32')),
    parameters,
    data: absentOr(orWrong(fc.array(fc.double()))),
  }),
);
const output = orWrong(fc.record({ name: orWrong(fc.string()), parameters }));
const body = orWrong(
  fc.record({
    id: absentOr(orWrong(fc.string({ maxLength: 300 }))),
    parameters,
    inputs: orWrong(fc.array(input, { maxLength: 3 })),
    outputs: absentOr(orWrong(fc.array(output, { maxLength: 3 }))),
    more: fc.jsonValue(),
  }),
);

test('the checks written out refuse what the schema refuses, at a place that the schema names too', () => {
  fc.assert(
    fc.property(body, (value) => {
      const paths = schemaPaths(value);
      const refused = refusalOf(value);
      if (paths.length === 0) expect(refused).toBeNull();
      else expect(paths).toContain(refused);
    }),
    { numRuns: 1000 },
  );
});
