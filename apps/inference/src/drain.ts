import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { Server as TlsServer } from 'node:tls';
import type { Doors } from './doors.ts';
import { backlog } from './listen.ts';

/** How a server leaves without failing anyone. */
export interface Drain {
  /** From now on every answer, those under way too, asks the client to open its next connection elsewhere. */
  announce(): void;
  /** Announces, stops accepting, and waits for requests under way at most `graceMs`. True when all of them were answered. */
  close(graceMs: number): Promise<boolean>;
}

/**
 * How long a connection must be idle before it is closed. A client in a closed loop has its next request on the way by then, which is
 * answered and told to go elsewhere; closed at once, the connection would fail a request that had already been sent.
 */
const idleMs = 500;

interface Connection {
  /** Requests that are not answered yet; pipelining makes several. */
  readonly open: ServerResponse[];
  idleSinceMs: number;
}

/** Prepares a server for leaving; call it before its doors open. */
export function createDrain(server: Server, doors: Pick<Doors, 'close'>): Drain {
  const connections = new Map<Socket, Connection>();
  /** Those of TLS before their handshake is over are no connections of HTTP yet; they only keep the server from closing. */
  const sockets = new Set<Socket>();
  let changed = Promise.withResolvers<void>();
  let announced = false;
  let accepted = 0;
  const tell = (): void => {
    if (!announced) return;
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  server.on('connection', (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections.set(socket, { open: [], idleSinceMs: performance.now() });
    socket.once('close', () => {
      connections.delete(socket);
      tell();
    });
  });
  const follow = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    if (announced) response.setHeader('connection', 'close');
    const connection = connections.get(socket);
    if (connection === undefined) return;
    connection.open.push(response);
    response.once('close', () => {
      connection.open.splice(connection.open.indexOf(response), 1);
      connection.idleSinceMs = performance.now();
      tell();
    });
  };
  // The server tells of a request with an Expect header by the second event instead of the first.
  server.prependListener('request', follow).prependListener('checkExpectation', follow);

  const closeIdle = (): void => {
    const longAgo = performance.now() - idleMs;
    for (const [socket, { open, idleSinceMs }] of connections) {
      if (open.length === 0 && idleSinceMs <= longAgo) socket.destroySoon();
    }
  };
  /**
   * Connections that wait to be accepted are reset when a server stops listening, and the event loop accepts one of each door in each of its turns.
   * So this waits for a turn without any, no longer than for all that fit: a flood would keep the server open. Clients must not hear before that they should open new ones.
   */
  const emptyBacklog = async (): Promise<void> => {
    let before = -1;
    for (let turn = 0; turn < backlog && before !== accepted; turn++) {
      before = accepted;
      // The first is still of the turn that called this.
      await setImmediate();
      await setImmediate();
    }
  };
  const announce = (): void => {
    announced = true;
    for (const { open } of connections.values())
      for (const response of open) if (!response.headersSent) response.setHeader('connection', 'close');
  };
  return {
    announce,
    close: async (graceMs) => {
      const deadline = performance.now() + graceMs;
      await emptyBacklog();
      announce();
      const closed = doors.close();
      while (connections.size > 0 && performance.now() < deadline) {
        closeIdle();
        await Promise.race([changed.promise, wait(idleMs / 5, undefined, { ref: false })]);
      }
      const inTime = connections.values().every(({ open }) => open.length === 0);
      for (const socket of [...connections.keys(), ...sockets]) socket.destroy();
      await closed;
      return inTime;
    },
  };
}
