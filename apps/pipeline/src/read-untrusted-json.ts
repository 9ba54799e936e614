import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '@repo/contract/input-error';

/** How a file that another run left is read. */
export interface UntrustedOptions {
  readonly mostBytes: number;
  /** What is to be done with one that is refused, such as `leave it alone: the run of the pull request did not make this`. */
  readonly action: string;
}

/** Reads at most `mostBytes`, whatever the file's size is said to be. */
async function readBounded(handle: FileHandle, path: string, options: UntrustedOptions): Promise<Uint8Array> {
  const { mostBytes, action } = options;
  if (!(await handle.stat()).isFile())
    throw new InputError({ path, received: 'no regular file', allowed: 'a regular file', action });
  const buffer = new Uint8Array(mostBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    if (length > mostBytes)
      throw new InputError({ path, received: `more than ${mostBytes} bytes`, allowed: 'less', action });
  }
}

/**
 * Reads a JSON document that may come from a stranger: a regular file of at most `mostBytes`, in UTF-8, reached by no link at its end. Throws InputError
 * for anything else.
 */
export async function readUntrustedJson(path: string, options: UntrustedOptions): Promise<unknown> {
  const { action } = options;
  // A link could lead anywhere on the machine that may write.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    const received = error.code === 'ELOOP' ? 'a symbolic link' : `nothing readable (${error.code})`;
    throw new InputError({ path, received, allowed: 'a regular file', action });
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBounded(handle, path, options)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({ path, received: 'something else', allowed: 'a whole JSON document in UTF-8', action });
  } finally {
    await handle.close();
  }
}
