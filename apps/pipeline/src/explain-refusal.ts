import { InputError, show } from '@repo/contract/input-error';

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'grant this user access',
  EDQUOT: 'free space within the quota',
  EISDIR: 'move the folder that stands where a file belongs',
  ENOSPC: 'free space on the disk',
  ENOTDIR: 'move the file that stands where a folder belongs',
  EEXIST: 'move the file that stands where a folder belongs',
  EPERM: 'grant this user access',
  EROFS: 'mount the file system writable',
};

/** What the operating system refused (no access, no space, a file in the way), as an InputError; null for any other error. */
export function explainRefusal(error: unknown): InputError | null {
  const { code = '', syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  const action = remedies[code];
  if (syscall === undefined || action === undefined) return null;
  return new InputError({
    path: 'file system',
    received: `${code} at ${path === undefined ? syscall : show(path)}`,
    allowed: 'a workspace that can be read and written',
    action,
  });
}
