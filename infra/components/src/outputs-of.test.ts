import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { outputsOf } from './outputs-of.ts';
import { required } from './required-output.ts';

interface Shop {
  readonly url: string;
  readonly password: string;
  readonly edge: { readonly name: string } | null;
}

/** Outputs of the program shop, as the engine hands them over: what is secret is named. */
const handedOver = (outputs: object, secretOutputNames: string[]): Promise<void> =>
  pulumi.runtime.setMocks(
    { newResource: ({ name }) => ({ id: name, state: { outputs, secretOutputNames } }), call: () => ({}) },
    'project',
    'prod',
    false,
    'organization',
  );

/** How the protocol marks a secret. */
const secretMark = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };

/** The value of an output, or what it fails with. */
const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

describe('outputsOf', () => {
  it('keeps secret what is, and leaves open what stands beside it', async () => {
    await handedOver({ url: 'https://shop', password: { ...secretMark, value: 's' } }, ['password']);
    const { url, password } = outputsOf<Shop>('shop');
    expect(await promised(url)).toBe('https://shop');
    expect([await pulumi.isSecret(url), await pulumi.isSecret(password)]).toEqual([false, true]);
  });

  it('answers null for what is absent, which is how the engine keeps a null', async () => {
    await handedOver({ url: 'https://shop' }, []);
    expect(await promised(outputsOf<Shop>('shop').edge)).toBeNull();
  });
});

it('refuses null where it cannot be done without, by name', () => {
  expect(required('x', 'shop.url')).toBe('x');
  expect(() => required(null, 'shop.edge')).toThrow('shop.edge: received null');
});
