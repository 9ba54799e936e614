import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a program in the container said. */
interface Said {
  readonly code: number;
  readonly out: string;
}

/** A container as the cluster runs it: the image's own user and command, nothing writable but one volume, no capability and no network. */
export interface ImageContainer {
  /** What the service wrote so far. */
  log(): string;
  /** Runs a JavaScript module in the container, by its Node and as its user. Never rejects for what the module does. */
  evaluate(module: string): Promise<Said>;
  signal(name: string): void;
  /** Exit code of the service. */
  readonly ended: Promise<number>;
  /** Ends it and removes its folders. */
  remove(): Promise<void>;
}

export interface ImageContainerOptions {
  /** Variables besides those of the image. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files to mount read-only, by their path in the container. */
  readonly files?: Readonly<Record<string, string>>;
  /** Arguments of the program. */
  readonly args?: readonly string[];
  /** Folder that is the volume, to go on with what another container left in it; unless told, each has its own. */
  readonly volumeDir?: string;
  /** Shares the network of this machine; unless told, the container has its own, in which nobody else is. */
  readonly onHostNetwork?: boolean;
}

/** An unpacked image, from which containers start. */
export interface UnpackedImage {
  start(options?: ImageContainerOptions): ImageContainer;
  remove(): void;
}

interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly WorkingDir: string;
}

const volume = '/app/.causeway';
const flags = ['nosuid', 'nodev', 'noexec'];

/** Configuration of the container by the OCI runtime specification, version 1.0. */
function runtimeConfig(
  rootfs: string,
  config: ImageConfig,
  { environment = {}, onHostNetwork = false, args = [] }: ImageContainerOptions,
  binds: object[],
) {
  const [uid, gid] = config.User.split(':').map(Number);
  const none = { bounding: [], effective: [], permitted: [], ambient: [] };
  const own = ['pid', 'ipc', 'uts', 'mount', ...(onHostNetwork ? [] : ['network'])].map((type) => ({ type }));
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: [...config.Entrypoint, ...args],
      env: [...config.Env, ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)],
      cwd: config.WorkingDir,
      capabilities: none,
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      ...binds,
    ],
    linux: { namespaces: own },
  };
}

/** Unpacks an OCI archive of one layer or several. Needs root, as making containers does. */
export function unpackImage(archive: string): UnpackedImage {
  const dir = mkdtempSync(join(tmpdir(), 'image-run-'));
  const rootfs = join(dir, 'rootfs');
  const layout = join(dir, 'layout');
  for (const folder of [rootfs, layout]) mkdirSync(folder);
  execFileSync('tar', ['-xf', archive, '-C', layout]);
  const blob = ({ digest }: { digest: string }): string => join(layout, 'blobs', ...digest.split(':'));
  const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  const manifest = json(blob(json(join(layout, 'index.json')).manifests[0]));
  for (const layer of manifest.layers) execFileSync('tar', ['-xzpf', blob(layer), '-C', rootfs]);
  const { config } = json(blob(manifest.config)) as { config: ImageConfig };
  let started = 0;

  const start = (options: ImageContainerOptions = {}): ImageContainer => {
    started++;
    const id = `causeway-e2e-${process.pid}-${started}`;
    const bundle = join(dir, id);
    const state = options.volumeDir ?? join(bundle, 'state');
    mkdirSync(bundle);
    mkdirSync(state, { recursive: true });
    chownSync(state, 65532, 65532);
    const binds = [{ destination: volume, type: 'bind', source: state, options: ['rbind', 'rw', ...flags] }];
    for (const [index, [destination, content]] of Object.entries(options.files ?? {}).entries()) {
      const source = join(bundle, `file-${index}`);
      writeFileSync(source, content);
      binds.push({ destination, type: 'bind', source, options: ['rbind', 'ro', ...flags] });
    }
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(runtimeConfig(rootfs, config, options, binds)));
    const child: ChildProcess = spawn('runc', ['run', '--bundle', bundle, id], { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (log += chunk));
    const ended = once(child, 'exit').then(([code]) => Number(code));
    const node = config.Entrypoint[0] ?? '';
    const evaluate = async (module: string): Promise<Said> => {
      const args = ['exec', '--user', config.User, id, node, '--input-type=module', '--eval', module];
      return promisify(execFile)('runc', args).then(
        ({ stdout }) => ({ code: 0, out: stdout }),
        (error) => ({ code: Number(error.code), out: String(error.stderr) }),
      );
    };
    const signal = (name: string): void => {
      execFileSync('runc', ['kill', id, name]);
    };
    const remove = async () => {
      if (child.exitCode === null) execFileSync('runc', ['delete', '--force', id]);
      await ended;
    };
    return { log: () => log, evaluate, signal, ended, remove };
  };
  return { start, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
