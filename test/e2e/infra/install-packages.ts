import { spawnSync } from 'node:child_process';

/** Name of a package of Debian. */
const name = /^[a-z0-9][a-z0-9.+-]+$/;

/** What installs these packages on a machine of GitHub, where nobody is root. Throws RangeError for what is no name of a package. */
export function installCommand(packages: readonly string[]): [string, ...string[]] {
  const wrong = packages.find((one) => !name.test(one));
  if (wrong !== undefined || packages.length === 0)
    throw new RangeError(
      `package: received ${wrong ?? 'none'}; allowed: names of packages of Debian; name what a suite needs`,
    );
  return ['sudo', 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages];
}

// `node test/e2e/infra/install-packages.ts prometheus`
if (import.meta.main) {
  const [command, ...args] = installCommand(process.argv.slice(2));
  process.exitCode = spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}
