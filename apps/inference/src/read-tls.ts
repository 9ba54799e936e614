import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { InputError } from '@repo/contract/input-error';
import type { Config } from './config.ts';

function refuse(variable: string, received: string, allowed: string): never {
  throw new InputError({ path: `environment.${variable}`, received, allowed, action: 'correct the path or the file' });
}

async function read(variable: string, path: string): Promise<Buffer> {
  return readFile(path).catch((error: NodeJS.ErrnoException) =>
    refuse(variable, `${path} (${error.code})`, 'a file that this user can read'),
  );
}

function parse<T>(variable: string, path: string, allowed: string, make: () => T): T {
  try {
    return make();
  } catch {
    return refuse(variable, `${path}, which is none`, allowed);
  }
}

/** Reads certificate and key, or answers null where none are wanted. Throws InputError when they cannot be read or do not belong together. */
export async function readTls(tls: Config['tls']): Promise<ServerOptions | null> {
  if (tls === null) return null;
  const { certFile, keyFile } = tls;
  const cert = await read('TLS_CERT_FILE', certFile);
  const key = await read('TLS_KEY_FILE', keyFile);
  const certificate = parse('TLS_CERT_FILE', certFile, 'a certificate chain in PEM', () => new X509Certificate(cert));
  const secret = parse('TLS_KEY_FILE', keyFile, 'a private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(secret))
    refuse('TLS_KEY_FILE', `${keyFile}, the key of another certificate`, `the key of ${certFile}`);
  return { cert, key, minVersion: 'TLSv1.2' };
}
