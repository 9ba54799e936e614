import { z } from 'zod';

/** Configuration of the program storage. */
export const storageConfig = z.strictObject({});
