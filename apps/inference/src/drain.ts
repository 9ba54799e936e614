import type { Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** How a server leaves without failing anyone. */
export interface Drain {
  /** From now on every answer, those under way too, asks the client to open its next connection elsewhere. */
  announce(): void;
  /** Stops accepting, and waits for requests under way at most `graceMs`. True when all of them were answered. */
  close(graceMs: number): Promise<boolean>;
}

/** Prepares a server for leaving; call it before the server listens. */
export function createDrain(server: Server): Drain {
  const open = new Set<ServerResponse>();
  const emptied = Promise.withResolvers<void>();
  let announced = false;
  let closing = false;
  server.prependListener('request', (_request, response) => {
    if (announced) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => {
      open.delete(response);
      if (closing && open.size === 0) emptied.resolve();
    });
  });
  return {
    announce: () => {
      announced = true;
      for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
    },
    close: async (graceMs) => {
      closing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      if (open.size > 0) await Promise.race([emptied.promise, wait(graceMs, undefined, { ref: false })]);
      const inTime = open.size === 0;
      // What is left now are connections that never sent a request; the server would wait for them until its header timeout.
      server.closeAllConnections();
      await closed;
      return inTime;
    },
  };
}
