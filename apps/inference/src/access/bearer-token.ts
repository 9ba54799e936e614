import type { IncomingHttpHeaders } from 'node:http';

/**
 * The scheme in any case, one space or more, and visible ASCII to the end: RFC 9110 11.4. The token68 of RFC 6750 has fewer characters;
 * keys and tokens that were made with others stay good.
 */
const credentials = /^Bearer +([\x21-\x7e]+)$/i;

/** What a request carries as `Authorization: Bearer <token>`; undefined for none, another scheme, or a token with a space in it. */
export function bearerToken({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return credentials.exec(authorization)?.[1];
}
