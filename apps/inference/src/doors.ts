import type { Server } from 'node:http';
import { createServer, Server as NetServer } from 'node:net';
import { type Address, listen } from './listen.ts';

/** All sockets on which a server accepts connections. */
export interface Doors {
  /** Opens them and returns the port. Throws InputError when the address cannot be had. */
  open(address: Address): Promise<number>;
  /** Accepts nothing any more; resolves when every connection has ended. Connections are left as they are. */
  close(): Promise<void>;
}

/**
 * Sockets on one port, among which Linux spreads the connections. The event loop accepts one connection of each socket in each of its turns,
 * and under load a turn takes milliseconds: with one door, the last of a crowd of a thousand would wait for seconds before it is even refused.
 */
const doorsOfCrowd = process.platform === 'linux' ? 16 : 1;

// The server's own close would end idle connections at once.
const closeDoor = (door: NetServer): Promise<void> =>
  new Promise((resolve) => NetServer.prototype.close.call(door, () => resolve()));

/** Sockets that share a port would share it with another process too, so that its being free is found out by one that does not. */
async function findPort(address: Address): Promise<number> {
  const alone = createServer();
  const port = await listen(alone, address);
  await closeDoor(alone);
  return port;
}

/** Makes the doors of a server; call `open` once. */
export function createDoors(server: Server, count = doorsOfCrowd): Doors {
  const others: NetServer[] = [];
  for (let i = 1; i < count; i++) {
    // As a server of HTTP makes its own.
    others.push(createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)));
  }
  const doors = [server, ...others];
  return {
    open: async (address) => {
      if (count === 1) return listen(server, address);
      const port = await findPort(address);
      try {
        await Promise.all(doors.map((door) => listen(door, { ...address, port }, { reusePort: true })));
      } catch (error) {
        for (const door of doors) if (door.listening) door.close();
        throw error;
      }
      return port;
    },
    close: async () => {
      await Promise.all(doors.map(closeDoor));
    },
  };
}
