import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { adoptNxDatabase, machineId } from './adopt-nx-database.ts';
import { createFakeWorkspace } from './fake-workspace.ts';

const workspace = createFakeWorkspace();
afterAll(workspace.remove);
const folder = join(workspace.root, '.nx/workspace-data');
const database = () => readdirSync(folder).find((file) => file.endsWith('.db')) as string;

test.skipIf(machineId() === null)(
  'a cache of another machine is of use once its database is adopted',
  {
    timeout: 120_000,
  },
  async () => {
    const id = machineId() as string;
    expect(adoptNxDatabase(folder, id), 'before Nx ever ran').toBe(false);
    const chain = (await workspace.nx('train', 'other')).ran;
    expect(chain).toHaveLength(4);
    expect(database()).toContain(id);
    expect(adoptNxDatabase(folder, id), 'of this machine').toBe(false);

    renameSync(join(folder, database()), join(folder, database().replace(id, 'another-machine')));
    expect(adoptNxDatabase(folder, id)).toBe(true);
    expect(await workspace.nx('train', 'other')).toMatchObject({ exitCode: 0, ran: [] });

    // What the adoption is good for: without it the same cache is unknown.
    renameSync(join(folder, database()), join(folder, database().replace(id, 'another-machine')));
    expect((await workspace.nx('train', 'other')).ran).toEqual(chain);
  },
);
