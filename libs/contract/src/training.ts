import { z } from 'zod';

const boosting = z.strictObject({
  /** Most rounds; fewer when the validation loss stops falling. Default 300. */
  rounds: z.int().min(1).max(5000).default(300),
  /** Leaves of a tree, 2-255. Default 31. */
  leaves: z.int().min(2).max(255).default(31),
  /** Shrinkage of each tree. Default 0.05. */
  learningRate: z.number().gt(0).max(1).default(0.05),
  /** Fewest training rows in a leaf. Default 100. */
  minLeafRows: z.int().min(1).default(100),
  /** L2 penalty on leaf values. Default 1. */
  l2: z.number().min(0).default(1),
  /** Share of rows that each tree sees. Default 1. */
  rowShare: z.number().gt(0).max(1).default(1),
  /** Share of features that each tree sees. Default 1. */
  featureShare: z.number().gt(0).max(1).default(1),
  /** Stop after this many rounds without a better validation loss. Default 50. */
  patience: z.int().min(1).default(50),
  /** Of every random draw, 0 to 2^32 - 1. Default 1. */
  seed: z.int().min(0).max(4_294_967_295).default(1),
});

/** How a model comes to be. The later stages are the same for all three. */
export const trainingSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('gradientBoosting'), ...boosting.shape }),
  z.strictObject({
    by: z.literal('trainer'),
    /** Program and arguments; run in the model's folder, with the input and the output folder appended. */
    command: z.array(z.string().min(1)).min(1),
    /** Handed to the program as params.json. */
    params: z.record(z.string(), z.json()).default({}),
    timeoutMs: z.int().min(1000).max(86_400_000).default(3_600_000),
  }),
  z.strictObject({
    by: z.literal('importedOnnx'),
    /** A finished model, relative to the model's folder. */
    path: z
      .string()
      .regex(/^(?!.*\.\.)[\w][\w./-]*\.onnx$/, { error: 'a path to an .onnx file inside the model folder' }),
  }),
]);

export type Training = z.infer<typeof trainingSchema>;
export type TrainingInput = z.input<typeof trainingSchema>;
export type GradientBoosting = Extract<Training, { by: 'gradientBoosting' }>;

/** Trains histogram gradient boosting here, with calibration and baselines. */
export const gradientBoosting = (options: z.input<typeof boosting> = {}): TrainingInput => ({
  ...options,
  by: 'gradientBoosting',
});

/** Trains with any program under the file contract of docs/training.md. */
export const trainer = (options: {
  command: string[];
  params?: Record<string, z.core.util.JSONType>;
  timeoutMs?: number;
}): TrainingInput => ({ ...options, by: 'trainer' });

/** Takes a model that was finished elsewhere. */
export const importedOnnx = (options: { path: string }): TrainingInput => ({ ...options, by: 'importedOnnx' });
