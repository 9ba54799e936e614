import { z } from 'zod';

/** Name of a model, source or view folder: lower-case words joined by dashes. Safe as a path, a label and a Kubernetes name. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: 'lower-case words joined by dashes, such as flight-delay' })
  .max(50);

/** Name of a column or feature: lower-case words joined by underscores. Safe as an SQL identifier and a metric label value. */
export const columnNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: 'lower-case words joined by underscores, such as dep_delay' })
  .max(60);
