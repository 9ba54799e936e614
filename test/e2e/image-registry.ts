import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry of images that keeps what is pushed in memory: the push half of the OCI distribution specification, version 1.1. */
export interface ImageRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** What was pushed, by digest or tag: manifests as text. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Bytes of the blobs, by digest. */
  readonly blobs: ReadonlyMap<string, number>;
  close(): void;
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
}

/** Starts a registry on a free port of this machine. It takes a blob or manifest only under its true digest, or a manifest under a tag. */
export async function createImageRegistry(): Promise<ImageRegistry> {
  const manifests = new Map<string, string>();
  const blobs = new Map<string, number>();
  const uploads = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    const body = await bodyOf(request);
    const [, name = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(blobs|manifests)\/(.+)$/.exec(pathname) ?? [];
    const end = (status: number, headers: Record<string, string> = {}) => response.writeHead(status, headers).end();
    if (kind === '') return end(200);
    if (kind === 'blobs' && request.method === 'POST') {
      const id = String(uploads.size + 1);
      uploads.set(id, Buffer.alloc(0));
      return end(202, { location: `/v2/${name}/blobs/uploads/${id}` });
    }
    if (kind === 'blobs' && reference.startsWith('uploads/')) {
      const id = reference.slice('uploads/'.length);
      const whole = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), body]);
      uploads.set(id, whole);
      if (request.method === 'PATCH') return end(202, { location: pathname, range: `0-${whole.length - 1}` });
      const digest = searchParams.get('digest') ?? '';
      if (digestOf(whole) !== digest) return end(400);
      blobs.set(digest, whole.length);
      return end(201, { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest });
    }
    if (request.method === 'PUT') {
      const digest = digestOf(body);
      if (reference.startsWith('sha256:') && reference !== digest) return end(400);
      manifests.set(reference, body.toString());
      return end(201, { 'docker-content-digest': digest });
    }
    const length = kind === 'blobs' ? blobs.get(reference) : manifests.get(reference)?.length;
    if (length === undefined) return end(404);
    return end(200, { 'content-length': String(length), 'docker-content-digest': reference });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, manifests, blobs, close: () => server.close() };
}
