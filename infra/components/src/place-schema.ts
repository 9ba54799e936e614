import { z } from 'zod';

/** Number of the AWS account. A number without leading zeros has become one on its way through YAML and JSON. */
export const accountSchema = z
  .union([z.string(), z.number()], { error: 'the 12 digits of an AWS account' })
  .transform(String)
  .pipe(z.string().regex(/^\d{12}$/, 'the 12 digits of an AWS account'));

/** `eu-central-1` */
export const regionSchema = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region of AWS such as eu-central-1');
