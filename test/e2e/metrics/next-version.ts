import { createHash } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';

interface Manifest {
  files: { path: string; bytes: number; sha256: string }[];
}

/**
 * Makes another version of a model's committed champion and pins it: the same files but for a blank in metrics.json, so that it answers alike
 * under another digest. `damaged` pins a digest that the files do not have.
 */
export function pinNextVersion(modelDir: string, damaged = false): number {
  const pin = join(modelDir, 'champion.json');
  const { version } = JSON.parse(readFileSync(pin, 'utf8')) as { version: number };
  const [from, to] = [version, version + 1].map((one) => join(modelDir, 'release', String(one))) as [string, string];
  cpSync(from, to, { recursive: true });
  const changed = Buffer.from(`${readFileSync(join(from, 'metrics.json'), 'utf8')} `);
  writeFileSync(join(to, 'metrics.json'), changed);
  const manifest = JSON.parse(readFileSync(join(from, 'manifest.json'), 'utf8')) as Manifest;
  const sha256 = createHash('sha256').update(changed).digest('hex');
  const files = manifest.files.map((file) =>
    file.path === 'metrics.json' ? { ...file, bytes: changed.length, sha256 } : file,
  );
  writeFileSync(join(to, 'manifest.json'), canonicalJson({ ...manifest, files }));
  const digest = damaged ? `sha256:${'0'.repeat(64)}` : digestOf({ ...manifest, files });
  writeFileSync(pin, canonicalJson({ digest, version: version + 1 }));
  return version + 1;
}
