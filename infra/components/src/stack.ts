import { InputError, show } from '@repo/contract/input-error';

/** The environments that there are: one stack of each program for each. */
export const Stack = { local: 'local', dev: 'dev', staging: 'staging', prod: 'prod' } as const;
export type Stack = (typeof Stack)[keyof typeof Stack];

/** The stack of this name. Throws InputError when there is none: a misspelt one would stand up an environment that nobody knows. */
export function toStack(name: string): Stack {
  const stack = Object.values(Stack).find((known) => known === name);
  if (stack !== undefined) return stack;
  throw new InputError({
    path: 'stack',
    received: show(name),
    allowed: Object.values(Stack).join(', '),
    action: 'select one of these: pulumi stack select --create <name>',
  });
}

/** Whether what holds data or answers callers is kept from deletion, by Pulumi as well as by AWS: docs/environments.md says how to tear it down. */
export const isProtected = (stack: Stack): boolean => stack === Stack.prod;
