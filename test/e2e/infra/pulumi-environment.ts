import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/**
 * Environment in which the engine keeps its state in `folder` and finds this Node. A language host that is older than the engine gets no options
 * from it and would load TypeScript by itself: where the host on PATH has such a flag, a script that sets it stands before it.
 */
export function pulumiEnvironment(folder: string): NodeJS.ProcessEnv {
  const state = join(folder, 'state');
  const shims = join(folder, 'bin');
  for (const path of [state, shims]) mkdirSync(path);
  const { stderr = '', stdout = '' } = spawnSync('pulumi-language-nodejs', ['-h'], { encoding: 'utf8' });
  if (`${stdout}${stderr}`.includes('  -typescript\n')) {
    const host = execFileSync('sh', ['-c', 'command -v pulumi-language-nodejs'], { encoding: 'utf8' }).trim();
    const shim = join(shims, 'pulumi-language-nodejs');
    writeFileSync(shim, `#!/bin/sh\nexec ${host} -typescript=false "$@"\n`);
    chmodSync(shim, 0o755);
  }
  return {
    ...process.env,
    PATH: [shims, dirname(process.execPath), process.env.PATH].join(delimiter),
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: '',
    PULUMI_SKIP_UPDATE_CHECK: '1',
    NX_DAEMON: 'false',
    NX_SKIP_NX_CACHE: 'true',
    NO_COLOR: '1',
  };
}
