import { z } from 'zod';

/** Configuration of the program serving. */
export const servingConfig = z.strictObject({});
