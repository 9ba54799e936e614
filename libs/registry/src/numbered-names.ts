import type { ObjectStore } from './object-store.ts';

/** Numbers of the objects `<number>.json` in a folder, in no order. Names of any other form are left alone. */
export async function numberedNames(store: ObjectStore, folder: string): Promise<number[]> {
  const names = await store.list(folder);
  return names.filter((name) => /^[1-9]\d{0,8}\.json$/.test(name)).map((name) => Number.parseInt(name, 10));
}

/** The largest number, 0 when there is none. */
export function newestNumber(numbers: readonly number[]): number {
  return numbers.reduce((newest, number) => Math.max(newest, number), 0);
}
