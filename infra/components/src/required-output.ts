import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';

/** The value, unless it is null. Throws InputError then: this stack of the program that `path` starts with has none. */
export function required<T>(value: T | null, path: string): T {
  if (value !== null) return value;
  const allowed = 'what the program promises on AWS';
  throw new InputError({ path, received: 'null', allowed, action: 'stand up that program in this stack first' });
}

/** An output of another program that this stack cannot do without, such as `cluster.network`; it fails as `required` says. */
export const requiredOutput = <T>(output: pulumi.Output<T | null>, path: string): pulumi.Output<T> =>
  pulumi.output(output).apply((value) => required(value as T | null, path)) as pulumi.Output<T>;
