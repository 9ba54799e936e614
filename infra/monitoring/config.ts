import { z } from 'zod';

/** Configuration of the program monitoring. */
export const monitoringConfig = z.strictObject({});
