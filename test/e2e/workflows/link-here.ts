import { linkPackages } from '../link-packages.ts';

// What `npm ci` comes to in a checkout of the suite: fixtures/machine/npm.
linkPackages(process.cwd());
