import type { IncomingMessage, ServerResponse } from 'node:http';

/** Longest that bytes which nobody wants are still taken from the wire. */
const lingerMs = 1000;

/**
 * Has the connection closed after the answer, without the rest of the request being read to its end. Closing at once would reset the
 * connection while the client still sends, and it would lose the answer; so our side is closed, and what comes within a second discarded.
 */
export function closeGently(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  const { socket } = request;
  // The server calls this once the answer is written; its own version destroys the connection.
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
  request.resume();
}
