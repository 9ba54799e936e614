import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A pull request as a list of them shows it, in the part that matters here. */
interface Pull {
  head: { ref: string; sha: string };
}

/**
 * Stands before the emulated GitHub, in which an open pull request keeps the head that it was opened with: a list of pull requests shows
 * each with the newest commit of its branch.
 * @param heads newest commit by branch; read anew with every request.
 */
export async function showCurrentHeads(upstream: string, heads: ReadonlyMap<string, string>) {
  const server = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>);
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const answer = await fetch(`${upstream}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    const text = await answer.text();
    const isList = request.method === 'GET' && /\/pulls(?:\?|$)/.test(request.url ?? '') && answer.ok;
    const pulls = isList ? (JSON.parse(text) as Pull[]) : [];
    for (const { head } of pulls) head.sha = heads.get(head.ref) ?? head.sha;
    const kept = [...answer.headers].filter(
      ([name]) => !/^(?:content-(?:length|encoding)|transfer-encoding|connection)$/.test(name),
    );
    response.writeHead(answer.status, Object.fromEntries(kept)).end(isList ? JSON.stringify(pulls) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}
