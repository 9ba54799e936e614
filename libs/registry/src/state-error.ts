import { InputError } from '@repo/contract/input-error';

const remedies: Readonly<Record<string, string>> = {
  EACCES: 'grant this user access, or name another folder',
  EDQUOT: 'free space within the quota, or name a folder elsewhere',
  EISDIR: 'move the folder that stands where a file belongs',
  ELOOP: 'remove the circle of symbolic links',
  ENAMETOOLONG: 'name a shorter path',
  ENOENT: 'name a folder that can be created',
  ENOSPC: 'free space on the disk, or name a folder elsewhere',
  ENOTDIR: 'a parent is a file: name a path of folders only',
  ENOTSUP: 'name a folder on a file system with hard links',
  EPERM: 'grant this user access, or name a folder on a file system with hard links',
  EROFS: 'mount the file system writable, or name a folder elsewhere',
};

/**
 * Runs work on the files of a state folder and turns what the operating system refuses (read-only, no access, no space, a file
 * in the way) into an InputError about CAUSEWAY_STATE. Other errors pass unchanged.
 */
export async function reportingState<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const action = remedies[code];
    if (action === undefined) throw error;
    throw new InputError({
      path: 'CAUSEWAY_STATE',
      received: `${folder} (${code})`,
      allowed: 'file:<path> of a folder that can be read and written',
      action,
    });
  }
}
