import { readFile, stat } from 'node:fs/promises';
import { canonicalJson, digestOf, sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { newestNumber, numberedNames } from '@repo/registry/numbered-names';
import { type Objects, openObjects } from '@repo/registry/open-objects';
import { fileSha256 } from '../snapshot.ts';
import {
  type LakeBatch,
  type LakeHead,
  type LakePart,
  type LakeSnapshot,
  lakeSnapshotSchema,
  partBatchesSchema,
} from './lake-snapshot.ts';

/** A file of a lake, as its snapshots name it. */
interface LakeFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

const snapshotKey = (number: number): string => `snapshots/${number}.json`;

/** Files and snapshots of one lake. Both are written once, and never changed or removed. */
export class LakeFiles {
  readonly #source: string;
  readonly #objects: Objects;
  readonly #verified = new Set<string>();
  readonly #batches = new Map<string, Promise<ReadonlyMap<string, LakeBatch>>>();
  #head: LakeHead | null = null;

  constructor(source: string, stateUrl: string, workspaceDir: string) {
    this.#source = source;
    this.#objects = openObjects(stateUrl, workspaceDir, `lake/${source}`);
  }

  #refuse(key: string, received: string, allowed: string): never {
    const action = 'restore it from a copy of the state; nothing else holds its rows';
    throw new InputError({ path: `lake/${this.#source}/${key}`, received, allowed, action });
  }

  /** Keeps content under the SHA-256 of its bytes; that it is there already is as good. */
  async put(folder: string, content: Uint8Array, ending: string): Promise<LakeFile> {
    const hash = sha256(content);
    const file = `${folder}/${hash}.${ending}`;
    await this.#objects.store.putIfAbsent(file, content);
    return { file, sha256: hash, bytes: content.byteLength };
  }

  /** Path of a file on this machine. Throws InputError when it is missing or is not what was written. */
  async pathOf({ file, sha256: expected, bytes }: LakeFile): Promise<string> {
    const path = await this.#objects.pathOf(file);
    if (path === null) this.#refuse(file, 'no such file', `a file of ${bytes} bytes`);
    if (this.#verified.has(file)) return path;
    const { size } = await stat(path);
    if (size !== bytes) this.#refuse(file, `${size} bytes`, `${bytes} bytes, as in the snapshot`);
    const found = await fileSha256(path);
    if (found !== expected) this.#refuse(file, `sha256 ${found}`, `sha256 ${expected}, as in the snapshot`);
    this.#verified.add(file);
    return path;
  }

  /** What the snapshots said about the batches of a part, by id; read once. */
  batchesOf({ batches }: LakePart): Promise<ReadonlyMap<string, LakeBatch>> {
    const known = this.#batches.get(batches.file);
    if (known !== undefined) return known;
    const read = this.pathOf(batches).then(async (path) => {
      const list = parseOrThrow(partBatchesSchema, JSON.parse(await readFile(path, 'utf8')), batches.file);
      return new Map(list.map((batch) => [batch.id, batch]));
    });
    this.#batches.set(batches.file, read);
    return read;
  }

  async #read(number: number): Promise<LakeHead | null> {
    const key = snapshotKey(number);
    const content = await this.#objects.store.get(key);
    if (content === null) return null;
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(content).toString('utf8'));
    } catch {
      this.#refuse(key, 'text that is not JSON', 'a snapshot');
    }
    const snapshot = parseOrThrow(lakeSnapshotSchema, value, `lake/${this.#source}/${key}`);
    return { snapshot, digest: digestOf(snapshot) };
  }

  /** The newest snapshot, null when there is none. Asks only for what came since the last look. */
  async head(): Promise<LakeHead | null> {
    let head = this.#head;
    if (head === null) {
      const newest = newestNumber(await numberedNames(this.#objects.store, 'snapshots'));
      head = newest === 0 ? null : await this.#read(newest);
    }
    for (;;) {
      const next = await this.#read((head?.snapshot.number ?? 0) + 1);
      if (next === null) break;
      head = next;
    }
    this.#head = head;
    return head;
  }

  /** Makes a snapshot the newest one; false when another writer was faster, who then made the number. */
  async tryPublish(snapshot: LakeSnapshot): Promise<boolean> {
    return this.#objects.store.putIfAbsent(snapshotKey(snapshot.number), Buffer.from(canonicalJson(snapshot)));
  }
}
