import { PartState } from '@repo/components/platform';
import { z } from 'zod';

const state = z.enum(Object.values(PartState)).default(PartState.install);

const shape = z.strictObject({
  /** What becomes of each part of the platform. Default: it is installed; a cluster that has it says `present`. */
  platform: z.strictObject({ rollouts: state, prometheus: state, keda: state }).prefault({}),
  /** SHA-256 of the archive of the Prometheus chart; `up` refuses to install it without. */
  prometheusChartSha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits, the SHA-256 of the archive' })
    .optional(),
  /** Of a Prometheus that the cluster has. Default: that of the chart, or none. */
  prometheusUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Address on the web of docs/runbooks of this repository, for the links of alerts. Default: its path. */
  runbooksUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Addresses that Alertmanager posts alerts to, by severity. No secrets: what they need, their receiver holds. Default: placeholders. */
  receivers: z
    .strictObject({ page: z.url({ protocol: /^https?$/ }), ticket: z.url({ protocol: /^https?$/ }) })
    .optional(),
  /** Where the pods of a Prometheus that the cluster has run: they alone may read the metrics of models. Default: monitoring. */
  prometheusNamespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: 'the name of a namespace' })
    .optional(),
});

/** Configuration of the program monitoring. */
export const monitoringConfig = shape.refine(
  ({ platform, prometheusNamespace }) => prometheusNamespace === undefined || platform.prometheus === PartState.present,
  {
    path: ['prometheusNamespace'],
    error: 'a namespace only beside platform.prometheus: present; ours runs in monitoring',
  },
);
