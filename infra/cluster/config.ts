import { z } from 'zod';

/** Configuration of the program cluster. */
export const clusterConfig = z.strictObject({});
export type ClusterConfig = z.output<typeof clusterConfig>;
