import { codeOf } from './imports.ts';
import { type Rule, sourcesOf } from './workspace.ts';

const passingOn =
  /^\s*(?:export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})(?:\s*from\s*['"][^'"]+['"])?|import\s[^'"]*['"][^'"]+['"])\s*;?/gm;
const all = /^\s*export\s+(?:type\s+)?\*/m;

/** No file passes on all that another exports, or does nothing but pass on: the public surface is the exports map. */
export const barrels: Rule = {
  name: 'barrels',
  check: (workspace) =>
    sourcesOf(workspace)
      .filter((file) => {
        const code = codeOf(workspace.text(file));
        return all.test(code) || (/^\s*export\b/m.test(code) && code.replace(passingOn, '').trim() === '');
      })
      .map((file) => `${file}: passes on exports; point the exports map of package.json at the files themselves`),
};
