import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';

/** Outputs of another program as this one gets them. */
export type OutputsOf<T> = { readonly [K in keyof T]: pulumi.Output<T[K]> };
/** What a program exports by default, checked against what it promises in its outputs.ts. */
export type Exports<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * The outputs of another program in the same stack, typed by the interface in its outputs.ts, so that a misspelt one does not compile. An
 * output that is null is none to the engine, so what is absent is null, unless the program has no outputs at all: it has not been stood up.
 */
export function outputsOf<T extends object>(program: string): OutputsOf<T> {
  const stack = pulumi.getStack();
  const reference = new pulumi.StackReference(`${pulumi.getOrganization()}/${program}/${stack}`);
  // How many there are is no secret; were it one, a single secret among them would make secrets of all.
  const count = pulumi.unsecret(reference.outputs.apply((all) => Object.keys(all ?? {}).length));
  const read = (name: string) =>
    pulumi.all([reference.getOutput(name), count]).apply(([value, outputs]) => {
      // A preview before the first `up` has nothing to read yet; it shows what is unknown as unknown.
      if (outputs > 0) return value ?? null;
      const received = `no outputs on the stack ${stack}`;
      const action = `stand it up first: npx nx up ${program} --stack ${stack}`;
      throw new InputError({ path: `program ${program}`, received, allowed: 'a program that is up', action });
    });
  return new Proxy({} as OutputsOf<T>, { get: (_, name) => read(String(name)) });
}
