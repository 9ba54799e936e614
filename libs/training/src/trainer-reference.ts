import { z } from 'zod';

const floats = z.array(z.number());
const ints = z.array(z.int());
const tree = z.strictObject({
  feature: ints,
  threshold: floats,
  missingLeft: z.array(z.boolean()),
  left: ints,
  right: ints,
  leafValue: floats,
});
const calibration = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({ method: z.literal('platt'), slope: z.number(), intercept: z.number() }),
  z.strictObject({ method: z.literal('isotonic'), scores: floats, probabilities: floats }),
]);
const trees = z.strictObject({
  kind: z.literal('trees'),
  objective: z.enum(['binary', 'regression']),
  featureNames: z.array(z.string()),
  base: z.number(),
  trees: z.array(tree),
});

/**
 * trainer.json of a bundle: what the trainer says that the model answers, apart from the ONNX file. Our own trainer says it by the trees that
 * it grew, a foreign one by its predictions of validation rows.
 */
export const trainerReferenceSchema = z.discriminatedUnion('by', [
  z.strictObject({ schemaVersion: z.literal(1), by: z.literal('trees'), model: trees, calibration }),
  z.strictObject({
    schemaVersion: z.literal(1),
    by: z.literal('answers'),
    rowIds: z.array(z.string()),
    answers: floats,
  }),
]);
export type TrainerReference = z.infer<typeof trainerReferenceSchema>;
