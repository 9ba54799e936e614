import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';

/** An output of another program that this stack cannot do without. Fails with `path` where it is null: a stack of that program that has none. */
export const requiredOutput = <T>(output: pulumi.Output<T | null>, path: string): pulumi.Output<T> =>
  pulumi.output(output).apply((value) => {
    if (value !== null) return value as T;
    const allowed = 'what the program promises on AWS';
    throw new InputError({ path, received: 'null', allowed, action: 'stand up that program in this stack first' });
  }) as pulumi.Output<T>;
