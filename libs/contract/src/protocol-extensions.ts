import { z } from 'zod';
import { datatypeSchema } from './protocol.ts';

/**
 * JSON answers of the protocol's extensions model_configuration and statistics, in the field names of Triton: those that load generators
 * read, no more.
 */

const dims = z
  .array(z.int())
  .meta({ description: 'Without the batch dimension when max_batch_size is above 0; -1 stands for any size.' });
/** BYTES is TYPE_STRING there. */
const dataType = z.enum(datatypeSchema.options.map((datatype) => `TYPE_${datatype === 'BYTES' ? 'STRING' : datatype}`));

export const modelConfigSchema = z.strictObject({
  name: z.string(),
  platform: z.literal('onnxruntime_onnx'),
  backend: z.literal('onnxruntime'),
  max_batch_size: z.int().meta({
    description: 'Most rows that share a run; 1 when requests share none, 0 when there is no batch dimension.',
  }),
  input: z.array(z.strictObject({ name: z.string(), data_type: dataType, dims })),
  output: z.array(z.strictObject({ name: z.string(), data_type: dataType, dims })),
  /** Present when rows of several requests share a run. */
  dynamic_batching: z
    .strictObject({ preferred_batch_size: z.array(z.int()), max_queue_delay_microseconds: z.literal(0) })
    .optional(),
});
export type ModelConfig = z.infer<typeof modelConfigSchema>;

const duration = z.strictObject({ count: z.int(), ns: z.int() });
const computed = { compute_input: duration, compute_infer: duration, compute_output: duration };

export const modelStatisticsSchema = z.strictObject({
  model_stats: z.array(
    z.strictObject({
      name: z.string(),
      version: z.string(),
      last_inference: z.int().meta({ description: 'Milliseconds since 1970; 0: none yet.' }),
      inference_count: z.int().meta({ description: 'Rows.' }),
      execution_count: z.int().meta({ description: 'Runs of the model.' }),
      inference_stats: z.strictObject({ success: duration, fail: duration, queue: duration, ...computed }),
      batch_stats: z.array(z.strictObject({ batch_size: z.int(), ...computed })),
    }),
  ),
});
export type ModelStatisticsAnswer = z.infer<typeof modelStatisticsSchema>;
