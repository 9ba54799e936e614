import { PartState } from '@repo/components/platform';
import { z } from 'zod';

const state = z.enum(Object.values(PartState)).default(PartState.install);

/** Configuration of the program monitoring. */
export const monitoringConfig = z.strictObject({
  /** What becomes of each part of the platform. Default: it is installed; a cluster that has it says `present`. */
  platform: z.strictObject({ rollouts: state, prometheus: state, keda: state }).prefault({}),
  /** SHA-256 of the archive of the Prometheus chart; `up` refuses to install it without. */
  prometheusChartSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits, the SHA-256 of the archive' })
    .optional(),
  /** Of a Prometheus that the cluster has. Default: that of the chart, or none. */
  prometheusUrl: z.url({ protocol: /^https?$/ }).optional(),
});
