import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Where Nx, too, looks for the id of this machine, in this order. */
const idFiles = ['/var/lib/dbus/machine-id', '/etc/machine-id'];

/** Id of this machine; null where it has none. */
export function machineId(): string | null {
  const file = idFiles.find((path) => existsSync(path));
  return file === undefined ? null : readFileSync(file, 'utf8').trim();
}

/**
 * Makes the database by which Nx knows its cache that of this machine. Nx names it after the machine, and every hosted runner is
 * another one: under its old name a restored database is never opened, and all that was restored counts as unknown.
 * @param folder of the database: `.nx/workspace-data`. Nothing happens where it holds none, or one of this machine already.
 * @returns whether one was adopted.
 */
export function adoptNxDatabase(folder: string, id: string): boolean {
  if (!existsSync(folder)) return false;
  const databases = readdirSync(folder).filter((file) => /^.+-v\d+\.db$/.test(file));
  const [restored] = databases;
  if (restored === undefined || databases.some((file) => file.startsWith(`${id}-`))) return false;
  renameSync(join(folder, restored), join(folder, restored.replace(/^.+(?=-v\d+\.db$)/, id)));
  return true;
}
