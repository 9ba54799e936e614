import { manifestAt, type Workspace } from './workspace.ts';

const npmOwn = ['ci', 'cit', 'install', 'exec', 'version'];
const nxOwn = ['run', 'run-many', 'show', 'graph', 'affected', 'reset', 'g', 'generate', 'typecheck'];
/** What a Pulumi program can do, where there is one. */
const programTargets = ['preview', 'up', 'destroy', 'kubeconfig'];
const stages = ['ingest', 'validate', 'features', 'train', 'gate'];

/** What each kind of command may be followed by, and how the thing it names is found. */
function commandsOf(workspace: Workspace): { pattern: RegExp; allowed: Set<string> }[] {
  const scripts = Object.keys(manifestAt(workspace, 'package.json').scripts ?? {});
  const named = (pattern: RegExp) =>
    workspace.files.map((file) => pattern.exec(file)?.[1]).filter((name) => name !== undefined);
  const programs = named(/^infra\/([^/]+)\/Pulumi\.yaml$/);
  // A stage is a verb and a target of the same name.
  const itsStages = stages.filter((stage) => workspace.verbs.includes(stage));
  const targets = new Set([...nxOwn, 'test', ...itsStages, ...(programs.length > 0 ? programTargets : [])]);
  const models = named(/^models\/([^/]+)\/model\.ts$/);
  return [
    { pattern: /\bnpm (?:run )?(?:-s )?([a-z][\w:-]*)/g, allowed: new Set([...scripts, ...npmOwn, 'run']) },
    { pattern: /\bnpm run e2e -- ([\w-]+)/g, allowed: new Set(named(/^test\/e2e\/([^/]+)\.e2e\.ts$/)) },
    { pattern: /\bnpm run bench -- ([\w-]+)/g, allowed: new Set(named(/^test\/load\/(?!main\.ts)([^/.]+)\.ts$/)) },
    { pattern: /(?<![\w./-])causeway ([a-z][\w-]*)/g, allowed: new Set(workspace.verbs) },
    { pattern: /\bnx ([a-z][\w-]*)/g, allowed: targets },
    { pattern: /\bnx run-many -t ([\w-]+)/g, allowed: targets },
    { pattern: /\bnx (?:validate|features|train|gate) ([\w-]+)/g, allowed: new Set(models) },
    { pattern: /\bnx (?:preview|up|destroy|kubeconfig) ([\w-]+)/g, allowed: new Set(programs) },
    { pattern: /\bnpm run (?:-s )?render -- ([a-z][\w-]*)/g, allowed: new Set(programs) },
  ];
}

/** Commands in a text of code whose script, suite, benchmark, target, verb or model does not exist, as they stand there. */
export function unknownCommands(workspace: Workspace, code: string): string[] {
  return commandsOf(workspace).flatMap(({ pattern, allowed }) =>
    [...code.matchAll(pattern)].filter((match) => !allowed.has(match[1] as string)).map((match) => match[0]),
  );
}
