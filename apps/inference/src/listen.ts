import type { AddressInfo, ListenOptions, Server } from 'node:net';
import { InputError } from '@repo/contract/input-error';

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'which something else listens on',
  EACCES: 'which this user may not listen on',
  EADDRNOTAVAIL: 'which is no address of this machine',
  ENOTFOUND: 'which is no address of this machine',
};

/** Connections that may wait to be accepted, as far as the kernel allows. A client that finds no room tries again after a whole second. */
export const backlog = 4096;

/** Where to listen. */
export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** The variable of the environment that says so, for errors. */
  readonly variable: string;
}

/** Starts listening and returns the port. Throws InputError naming the variable when the address cannot be had. */
export function listen(server: Server, { host, port, variable }: Address, more: ListenOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''];
      if (reason === undefined) return reject(error);
      const received = `${host}:${port}, ${reason}`;
      const action = `set ${variable} to another port, or HOST to another address, or stop the other process`;
      reject(new InputError({ path: `environment.${variable}`, received, allowed: 'an address that is free', action }));
    });
    server.listen({ port, host, backlog, ...more }, () => resolve((server.address() as AddressInfo).port));
  });
}
