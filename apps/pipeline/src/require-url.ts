import { InputError, show } from '@repo/contract/input-error';

/** An address of HTTP as it was given; InputError for anything else. */
export function requireUrl(text: string, flag: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InputError({
    path: flag,
    received: show(text),
    allowed: 'a URL such as http://127.0.0.1:9090',
    action: 'correct it',
  });
}
