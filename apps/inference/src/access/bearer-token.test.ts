import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '@repo/contract/service-error';
import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { wantAdminToken } from '../admin-token.ts';
import { createAuthorize } from './authorize.ts';
import { bearerToken } from './bearer-token.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** Every character that RFC 6750 allows in a token. */
const token68 = 'AZaz09-._~+/==';
const long = 'k'.repeat(2000);

const good: readonly [what: string, header: string, token: string][] = [
  ['the usual form', 'Bearer key', 'key'],
  ['a scheme in small letters', 'bearer key', 'key'],
  ['a scheme in capitals', 'BEARER key', 'key'],
  ['several spaces', 'Bearer   key', 'key'],
  ['every character of RFC 6750', `Bearer ${token68}`, token68],
  ['a long token', `Bearer ${long}`, long],
  ['characters that RFC 6750 leaves out', 'Bearer {"key"}', '{"key"}'],
];
const bad: readonly [what: string, header: string][] = [
  ['nothing', ''],
  ['a scheme without a token', 'Bearer'],
  ['a scheme and a space', 'Bearer '],
  ['no space', 'Bearerkey'],
  ['a tab for a space', 'Bearer\tkey'],
  ['another scheme', 'Basic key'],
  ['a scheme that ends like it', 'xBearer key'],
  ['a space before it', ' Bearer key'],
  ['a token and more', 'Bearer key more'],
  ['a letter beyond ASCII', 'Bearer k\u00e9y'],
];

test.each(good)('%s holds its token', (_what, authorization, token) => {
  expect(bearerToken({ authorization })).toBe(token);
});

test.each(bad)('%s holds none', (_what, authorization) => {
  expect(bearerToken({ authorization })).toBeUndefined();
});

/** Both who read tokens. Each makes a door that one token opens, and says with which code a request is refused, if it is. */
const users = {
  'an API key': async (token: string, headers: IncomingHttpHeaders) => {
    await createAuthorize([{ id: 'a', sha256: digest(token), models: ['*'] }])(headers, 'm');
  },
  'the admin token': async (token: string, headers: IncomingHttpHeaders) => {
    await wantAdminToken(digest(token))({ headers } as Request, {} as Response, () => {});
  },
};

async function outcome(enter: Promise<void>): Promise<string> {
  return enter.then(
    () => 'let pass',
    (error) => {
      if (error instanceof ServiceError) return error.code;
      throw error;
    },
  );
}

test.each(Object.entries(users))('%s is taken in every form of the RFC and in no other', async (_who, enter) => {
  for (const [what, authorization, token] of good) {
    expect([what, await outcome(enter(token, { authorization }))]).toEqual([what, 'let pass']);
    expect([what, await outcome(enter(`${token}x`, { authorization }))]).toEqual([what, 'unauthenticated']);
  }
  for (const [what, authorization] of bad) {
    expect([what, await outcome(enter('key', { authorization }))]).toEqual([what, 'unauthenticated']);
  }
});
