import type { Alias, MovableAlias } from './alias.ts';
import { championHistory, getAlias, setAlias } from './alias-revisions.ts';
import { attachEvidence, type Evidence, getEvidence } from './evidence.ts';
import type { EvidenceName } from './evidence-name.ts';
import { type OpenBundle, openBundle } from './open-bundle.ts';
import { openState } from './open-state.ts';
import { importVersion, type Registration, registerBundle } from './register-bundle.ts';
import { getVersion, listModels, listVersions, type Version } from './versions.ts';

export type { Evidence, OpenBundle, Registration, Version };

/**
 * Versions of models and the aliases that point at them. Any number of processes may use one registry at once, and may be killed
 * at any moment. Every method throws InputError for a malformed name or number, and (path CAUSEWAY_STATE)
 * for a state that cannot be used or reached.
 */
export interface Registry {
  /** Registers a bundle folder under the model's next number; the same digest keeps the number it has. */
  register(model: string, bundleDir: string): Promise<Registration>;
  /** Registers a bundle folder under this number; InputError when the number holds another digest. */
  importVersion(model: string, version: number, bundleDir: string): Promise<Registration>;
  /** The version of that number, or null. */
  getVersion(model: string, version: number): Promise<Version | null>;
  /** Names of all models that have a version, ascending. */
  listModels(): Promise<string[]>;
  /** All versions, ascending. */
  listVersions(model: string): Promise<Version[]>;
  /** Moves an alias if it points at `expected` (null: never set); AliasConflict otherwise. Moving champion moves previous. */
  setAlias(model: string, alias: MovableAlias, version: number, expected: number | null): Promise<void>;
  /** The version that an alias points at, or null when it was never set. */
  getAlias(model: string, alias: Alias): Promise<number | null>;
  /** Versions that were champion, in order, the current one last; one that came back stands more than once. */
  championHistory(model: string): Promise<number[]>;
  /**
   * Attaches evidence to a version: the next revision of that name, or none when this is the newest already. InputError when the version
   * is unknown or the evidence is about another bundle.
   */
  attachEvidence(
    model: string,
    version: number,
    name: EvidenceName,
    content: Uint8Array,
  ): Promise<{ revision: number; created: boolean }>;
  /** The newest evidence of that name, verified now, or null. */
  evidence(model: string, version: number, name: EvidenceName): Promise<Evidence | null>;
  /** A local, read-only copy of a version, with every file verified now; InputError when it is unknown or damaged. */
  openBundle(model: string, reference: number | Alias): Promise<OpenBundle>;
}

/**
 * Opens the registry below a state URL: `file:<path>`, relative to the workspace, or `s3://bucket/prefix`. Nothing is asked or created
 * until it is used. Versions opened from S3 before open again while it is away. Throws InputError for any other URL.
 */
export function createRegistry(stateUrl: string, workspaceDir: string): Registry {
  const { store, localRoot } = openState(stateUrl, workspaceDir);
  return {
    register: (model, bundleDir) => registerBundle(store, model, bundleDir),
    importVersion: (model, version, bundleDir) => importVersion(store, model, version, bundleDir),
    getVersion: (model, version) => getVersion(store, model, version),
    listModels: () => listModels(store),
    listVersions: (model) => listVersions(store, model),
    setAlias: (model, alias, version, expected) => setAlias(store, model, alias, version, expected),
    getAlias: (model, alias) => getAlias(store, model, alias),
    championHistory: (model) => championHistory(store, model),
    attachEvidence: (model, version, name, content) => attachEvidence(store, model, version, name, content),
    evidence: (model, version, name) => getEvidence(store, model, version, name),
    openBundle: (model, reference) => openBundle(store, localRoot, model, reference),
  };
}
