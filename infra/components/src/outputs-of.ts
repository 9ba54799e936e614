import * as pulumi from '@pulumi/pulumi';

/** Outputs of another program as this one gets them. */
export type OutputsOf<T> = { readonly [K in keyof T]: pulumi.Output<T[K]> };
/** What a program exports by default, checked against what it promises in its outputs.ts. */
export type Exports<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };

/**
 * The outputs of another program in the same stack, typed by the interface in its outputs.ts, so that a misspelt one does not compile. One
 * that is not there fails with the name of the program and of the output: it has not been stood up yet.
 */
export function outputsOf<T extends object>(program: string): OutputsOf<T> {
  const reference = new pulumi.StackReference(`${pulumi.getOrganization()}/${program}/${pulumi.getStack()}`);
  return new Proxy({} as OutputsOf<T>, { get: (_, name) => reference.requireOutput(String(name)) });
}
