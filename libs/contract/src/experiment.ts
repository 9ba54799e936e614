import { z } from 'zod';
import { armName, type ExperimentPolicy } from './experiment-policy.ts';
import { type Champion, championSchema } from './manifest.ts';
import { columnNameSchema, nameSchema } from './name.ts';

/**
 * experiment.json beside a model definition: what a service must know of the definition's experiment, its versions pinned by digest. Derived,
 * by `causeway experiment <model> --write`; a service takes it up, and lets go of it, as it does champion.json.
 */
export const experimentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: nameSchema,
  salt: z.string().min(1).max(100),
  unit: columnNameSchema,
  traffic: z.number().min(0).max(100),
  /** `pin` null: the champion, whichever that is. The first is the control. */
  arms: z
    .array(z.strictObject({ name: nameSchema, pin: championSchema.nullable(), weight: z.number().min(0).max(100) }))
    .min(2)
    .max(5)
    // The definition was checked, but who edits the file by hand is not to take a service down.
    .refine((arms) => arms.reduce((sum, { weight }) => sum + Math.round(weight * 100), 0) === 10_000, {
      error: 'weights that sum to 100',
    })
    .refine((arms) => new Set(arms.map(({ name }) => name)).size === arms.length, { error: 'arms of different names' }),
  shadow: championSchema.nullable(),
});
export type Experiment = z.output<typeof experimentSchema>;

/** What a definition's experiment is to a service. `pinOf` finds the digest of a version; what it throws passes on. */
export async function deriveExperiment(
  policy: ExperimentPolicy,
  pinOf: (version: number, path: string) => Promise<Champion>,
): Promise<Experiment> {
  const { name, salt = name, unit, traffic, shadow } = policy;
  const arms: Experiment['arms'] = [];
  for (const [i, arm] of policy.arms.entries()) {
    const pin = arm.version === 'champion' ? null : await pinOf(arm.version, `arms[${i}].version`);
    arms.push({ name: armName(arm), pin, weight: arm.weight });
  }
  const pinned = shadow === undefined ? null : await pinOf(shadow, 'shadow');
  return { schemaVersion: 1, name, salt, unit, traffic, arms, shadow: pinned };
}
