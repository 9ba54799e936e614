import { fileURLToPath } from 'node:url';
import { linkPackages as link } from '@repo/preview/link-packages';

const origin = fileURLToPath(new URL('../..', import.meta.url));

/** Stands in for `npm ci` in a copy of this workspace. */
export const linkPackages = (root: string): void => link(origin, root);
