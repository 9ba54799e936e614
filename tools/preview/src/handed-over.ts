import { Stack } from '@repo/components/stack';
import type { StackConfig } from './stack-config.ts';

/** What a deployment hands over with `-c` and no file holds, by program: here an image that does not exist. */
const placeholders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  serving: { 'serving:imageDigest': `sha256:${'0'.repeat(64)}` },
};

/** The configuration with what a deployment would add to it. The stack local is stood up without. */
export const handedOver = (config: StackConfig, program: string, stack: string): StackConfig =>
  stack === Stack.local ? config : { ...config, values: { ...placeholders[program], ...config.values } };
