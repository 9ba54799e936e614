import { z } from 'zod';

/** What Pulumi.<stack>.yaml may say on AWS. */
export const storageConfig = z.strictObject({
  onlineStore: z
    .strictObject({
      nodeType: z
        .string()
        .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, 'a type such as cache.t4g.small')
        .default('cache.t4g.small'),
      nodes: z.int().min(1).max(6).default(1),
      passwordGeneration: z.int().min(1).default(1),
    })
    .prefault({}),
  /** Images that stay. */
  keepImages: z.int().min(10).max(1000).default(100),
  /** Days for which what was replaced or deleted can be had back. */
  undoDays: z.int().min(1).max(365).default(7),
  /** Days after which predictions are gone; they move to cheaper storage after 30, which charges for 30 more. */
  predictionDays: z.int().min(61).max(3650).default(90),
  logDays: z.int().min(1).max(3650).default(30),
});

/** The stack local has nothing to configure. */
export const localConfig = z.strictObject({});

export type StorageConfig = z.output<typeof storageConfig>;
