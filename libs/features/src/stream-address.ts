import { InputError } from '@repo/contract/input-error';

/** Where a stream lies: a server and database, and the key of the stream in it. */
export interface StreamAddress {
  readonly serverUrl: string;
  readonly stream: string;
  /** The whole without user and password. */
  readonly shown: string;
}

/** Whether a text names a stream rather than a file. */
export const isStreamUrl = (text: string): boolean => /^rediss?:\/\//.test(text);

/** Understands `redis://<host>:<port>/<database>/<stream>`. Throws InputError, without what may be a password, for any other form. */
export function parseStreamUrl(url: string): StreamAddress {
  const parsed = URL.parse(url);
  const [, database, stream] = /^\/(\d{1,5})\/(.+)$/.exec(parsed?.pathname ?? '') ?? [];
  if (
    parsed === null ||
    !isStreamUrl(url) ||
    database === undefined ||
    stream === undefined ||
    parsed.hostname === ''
  ) {
    throw new InputError({
      path: 'stream',
      received: `a URL of another form (${url.length} characters)`,
      allowed: 'redis://[<user>:<password>@]<host>[:<port>]/<database>/<stream>, rediss:// with TLS',
      action: 'write it in this form, such as redis://localhost:6379/0/flights',
    });
  }
  const shown = `${parsed.protocol}//${parsed.host}/${database}/${stream}`;
  parsed.pathname = `/${database}`;
  return { serverUrl: parsed.href, stream: decodeURIComponent(stream), shown };
}
