import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What becomes of a request on its way: it arrives and is answered, arrives and the answer is lost, or does not arrive. */
export type Fate = 'answered' | 'answer lost' | 'lost';

/** Stands between a client and the server and decides over each request, counted from 1. Answers its URL. */
export async function createUnreliableWay(port: number, fateOf: (count: number, request: IncomingMessage) => Fate) {
  let count = 0;
  const pass = (incoming: IncomingMessage, answer: ServerResponse): void => {
    count++;
    const fate = fateOf(count, incoming);
    if (fate === 'lost') {
      incoming.socket.destroy();
      return;
    }
    const { method, url, headers } = incoming;
    // The host of the client's request is signed, so it is passed on as it is.
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (back) => {
      if (fate === 'answer lost') {
        back.resume().on('end', () => incoming.socket.destroy());
        return;
      }
      answer.writeHead(back.statusCode ?? 500, back.headers);
      back.pipe(answer);
    });
    onward.on('error', () => incoming.socket.destroy());
    onward.on('continue', () => answer.writeContinue());
    incoming.pipe(onward);
  };
  const way = createServer(pass).on('checkContinue', pass).listen(0, '127.0.0.1');
  await once(way, 'listening');
  const { port: mine } = way.address() as { port: number };
  return {
    url: `http://127.0.0.1:${mine}`,
    count: () => count,
    close: () => {
      way.closeAllConnections();
      way.close();
    },
  };
}
