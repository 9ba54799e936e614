/** What an address answered that is no GitHub: a portal, a proxy, a path too few. */
class NoJsonAnswer extends Error {
  constructor(contentType: string | null) {
    super(`an answer that is no JSON (${contentType ?? 'of no type'})`);
    this.name = 'NoJsonAnswer';
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * GitHub itself names the moment at which a limit ends; a proxy before it may only say `retry-after`. The throttling plugin understands
 * the former.
 */
function inGithubsWords(status: number, headers: Headers): Headers {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (status !== 429 || Number.isNaN(seconds) || headers.has('x-ratelimit-reset')) return headers;
  const told = new Headers(headers);
  told.set('x-ratelimit-remaining', '0');
  told.set('x-ratelimit-reset', String(Math.floor(Date.now() / 1000) + seconds));
  return told;
}

/**
 * A fetch that ends: headers and body together take `timeoutMs` at most. The body is read whole here, since Octokit takes a body that
 * breaks off for an empty one, and a list of comments that seems empty would be commented on again.
 */
export function createGithubFetch(timeoutMs: number): typeof fetch {
  return async (address, init) => {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    const headers = inGithubsWords(response.status, response.headers);
    const { status, statusText } = response;
    if (text !== '' && response.ok && !isJson(text)) throw new NoJsonAnswer(headers.get('content-type'));
    const whole = new Response(text === '' ? null : text, { status, statusText, headers });
    // Octokit reads the address of a list from it.
    return Object.defineProperty(whole, 'url', { value: response.url });
  };
}
