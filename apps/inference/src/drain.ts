import type { Server, ServerResponse } from 'node:http';

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
  let announced = false;
  server.prependListener('request', (_request, response) => {
    if (announced) response.setHeader('connection', 'close');
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  return {
    announce: () => {
      announced = true;
      // Without this an answer under way would leave its connection open, idle, until the grace time is over.
      for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
    },
    close: async (graceMs) => {
      let inTime = true;
      const deadline = setTimeout(() => {
        inTime = open.size === 0;
        server.closeAllConnections();
      }, graceMs);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(deadline);
      return inTime;
    },
  };
}
