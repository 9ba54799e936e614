import { InputError, show } from '@repo/contract/input-error';

/** Where GitHub is and who asks. */
export interface GithubAccess {
  /** Base of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
}

function checkedUrl(value: string): string {
  const url = URL.parse(value);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '')
    return value.replace(/\/+$/, '');
  throw new InputError({
    path: 'GITHUB_API_URL',
    received: show(value),
    allowed: 'an address such as https://api.github.com or https://<host>/api/v3',
    action: 'correct it, or unset it for github.com',
  });
}

/** The value itself is never shown: a line break in it would otherwise end up in a log, with the token around it. */
function checkedToken(value: string): string {
  if (/^[\w.=+/~-]{8,1000}$/.test(value)) return value;
  throw new InputError({
    path: 'GITHUB_TOKEN',
    received: 'a value with fewer letters than a token has, or others',
    allowed: 'a token of GitHub',
    action: 'set it anew',
  });
}

function checkedRepository(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/.test(value) && !/\/\.{1,2}$/.test(value)) return value;
  throw new InputError({
    path: 'GITHUB_REPOSITORY',
    received: show(value),
    allowed: '<owner>/<name>',
    action: 'name the repository in this form',
  });
}

/**
 * Reads GITHUB_TOKEN, GITHUB_REPOSITORY and GITHUB_API_URL (default https://api.github.com), as every job of GitHub Actions has them. Null
 * where token or repository is unset: nothing is asked of GitHub then. Throws InputError for malformed ones, without showing a token.
 */
export function readGithubAccess(environment: Readonly<Record<string, string | undefined>>): GithubAccess | null {
  const { GITHUB_TOKEN: token = '', GITHUB_REPOSITORY: repository = '', GITHUB_API_URL: apiUrl = '' } = environment;
  if (token === '' || repository === '') return null;
  return {
    apiUrl: checkedUrl(apiUrl || 'https://api.github.com'),
    token: checkedToken(token),
    repository: checkedRepository(repository),
  };
}
