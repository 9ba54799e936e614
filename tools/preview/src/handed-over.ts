import { Stack } from '@repo/components/stack';
import type { StackConfig } from './stack-config.ts';

/** Of no image. All zeros would be refused, as what somebody left out. */
const invented = `sha256:${'1'.repeat(64)}`;

/** What a deployment or a fork adds and no file here holds, by program: images that do not exist, and the jobs that need one. */
const placeholders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cluster: { 'cluster:autoscalerImage': `registry.k8s.io/autoscaling/cluster-autoscaler@${invented}` },
  serving: {
    'serving:imageDigest': invented,
    'serving:jobsImageDigest': invented,
    'serving:jobs': JSON.stringify({ train: '17 2 * * 1', materialize: '7 * * * *', ingest: true }),
  },
};

/** The configuration with what a deployment would add to it, where it does not have it already. The stack local is stood up without. */
export const handedOver = (config: StackConfig, program: string, stack: string): StackConfig =>
  stack === Stack.local ? config : { ...config, values: { ...placeholders[program], ...config.values } };
