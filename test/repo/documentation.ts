import { posix } from 'node:path';
import { manifestAt, packagesOf, type Rule, type Workspace } from './workspace.ts';

const isDocument = (file: string): boolean => /^(?:README|CONTRIBUTING|SECURITY)\.md$|^docs\/.+\.md$/.test(file);
const npmOwn = ['ci', 'cit', 'install', 'exec', 'version'];
const nxOwn = ['run', 'run-many', 'show', 'graph', 'affected', 'reset', 'g', 'generate', 'typecheck'];

/** Code of a document: fenced blocks and `spans`, one text each. */
function codeIn(text: string): string[] {
  const fences = [...text.matchAll(/^ *```[^\n]*\n([\s\S]*?)^ *```/gm)].map((m) => m[1] as string);
  const spans = [...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map((m) => m[1] as string);
  return [...fences, ...spans];
}

/** What each kind of command may be followed by, and how the thing it names is found. */
function commandsOf(workspace: Workspace): { pattern: RegExp; allowed: Set<string> }[] {
  const scripts = Object.keys(manifestAt(workspace, 'package.json').scripts ?? {});
  const named = (pattern: RegExp) =>
    workspace.files.map((file) => pattern.exec(file)?.[1]).filter((name) => name !== undefined);
  const models = named(/^models\/([^/]+)\/model\.ts$/);
  return [
    { pattern: /\bnpm (?:run )?(?:-s )?([a-z][\w:-]*)/g, allowed: new Set([...scripts, ...npmOwn, 'run']) },
    { pattern: /\bnpm run e2e -- ([\w-]+)/g, allowed: new Set(named(/^test\/e2e\/([^/]+)\.e2e\.ts$/)) },
    { pattern: /\bnpm run bench -- ([\w-]+)/g, allowed: new Set(named(/^test\/load\/(?!main\.ts)([^/.]+)\.ts$/)) },
    { pattern: /(?<![\w./-])causeway ([a-z][\w-]*)/g, allowed: new Set(workspace.verbs) },
    {
      pattern: /\bnx ([a-z][\w-]*)/g,
      allowed: new Set([...nxOwn, 'test', 'ingest', 'validate', 'features', 'train', 'gate']),
    },
    { pattern: /\bnx (?:validate|features|train|gate) ([\w-]+)/g, allowed: new Set(models) },
  ];
}

/** Whether a mention such as `libs/stats/src/auc.ts`, `models/<name>/model.ts` or `data/x.csv` fits a file or folder that exists. */
function exists(files: readonly string[], mention: string): boolean {
  const pattern = mention
    .replace(/\/$/, '')
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\{([^}]+)\}/g, (_, names: string) => `(?:${names.replaceAll(',', '|')})`)
    .replace(/\*\*|<[\w ]+>|\*/g, (token) => (token === '**' ? '.+' : '[^/]+'));
  const fits = new RegExp(`(?:^|/)${pattern}(?:/|$)`);
  return files.some((file) => fits.test(file));
}

function pathProblems(workspace: Workspace, code: string): string[] {
  const top = new Set(workspace.files.map((file) => file.split('/')[0]));
  const offered = new Set<string>();
  for (const { name, exports = {} } of packagesOf(workspace).values()) {
    for (const entry of Object.keys(exports)) offered.add(posix.join(name ?? '', entry));
    offered.add(name ?? '');
  }
  const problems: string[] = [];
  for (const [mention] of code.matchAll(/(?<![\w/:.$<-])[@\w.<{*][\w.@<>{},*-]*(?:\/[\w.@<>{},*-]+)+\/?/g)) {
    const path = mention.replace(/[.,]$/, '');
    const isPackage = path.startsWith('@repo/');
    const isPath = top.has(path.split('/')[0] as string) || /\.(?:ts|mjs|md)$/.test(path);
    if (isPackage ? !offered.has(path) : isPath && !exists(workspace.files, path)) problems.push(path);
  }
  return problems;
}

function check(workspace: Workspace): string[] {
  const commands = commandsOf(workspace);
  return workspace.files.filter(isDocument).flatMap((document) => {
    const text = workspace.text(document);
    const missing: string[] = [];
    for (const code of codeIn(text)) {
      for (const { pattern, allowed } of commands) {
        for (const match of code.matchAll(pattern)) if (!allowed.has(match[1] as string)) missing.push(match[0]);
      }
      missing.push(...pathProblems(workspace, code));
    }
    for (const [, link] of text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const target = posix.join(posix.dirname(document), link as string).replace(/\/$/, '');
      if (!workspace.files.some((file) => file === target || file.startsWith(`${target}/`)))
        missing.push(link as string);
    }
    return [...new Set(missing)].map(
      (what) => `${document}: names ${what}, which does not exist; correct it or take it out`,
    );
  });
}

/** Every command, file, package entry and relative link that README and docs name exists. */
export const documentation: Rule = { name: 'documentation', check };
