import { type Import, importsOf, packageOf, relativeTarget } from './imports.ts';
import { isTest, packagesOf, type Rule, sourcesOf, type Workspace } from './workspace.ts';

/** Libraries from the bottom up. One may import those below it, and those beside it as long as no circle closes. */
const libraryLayers: readonly (readonly string[])[] = [
  ['contract', 'stats', 'onnx'],
  ['datasets', 'features', 'registry', 'telemetry'],
  ['training', 'gates', 'serving', 'experiments', 'monitoring', 'github'],
];

/** Zones outside libs/ and what of the workspace they may import besides themselves. */
const mayImport: readonly { zone: RegExp; may: RegExp }[] = [
  { zone: /^features$/, may: /^libs\/contract$/ },
  { zone: /^models$/, may: /^(libs\/contract|features)$/ },
  { zone: /^infra\/components$/, may: /^libs\/contract$/ },
  // A program reads what others promise in their outputs.ts, by type only; it is never part of another.
  { zone: /^infra\/monitoring$/, may: /^(libs\/contract|infra\/(components|cluster|storage)|models)$/ },
  { zone: /^infra\/serving$/, may: /^(libs\/contract|infra\/(components|cluster|storage|monitoring)|models)$/ },
  { zone: /^infra\/.+$/, may: /^(libs\/contract|infra\/(components|cluster|storage))$/ },
  { zone: /^apps\/.+$/, may: /^libs\/.+$/ },
  // It runs the policies over what programs declare.
  { zone: /^tools\/preview$/, may: /^(libs\/.+|infra\/components)$/ },
  { zone: /^tools\/.+$/, may: /^libs\/.+$/ },
];

/** Packages from outside that a zone keeps away from, so that its reason to stand alone stays true. */
const keepsAwayFrom: readonly { zone: RegExp; never: RegExp }[] = [
  { zone: /^libs\//, never: /^(@pulumi\/.+|express)$/ },
  { zone: /^infra\//, never: /^(express|onnxruntime-node)$/ },
];

/** Zone of a file: `libs/stats`, `apps/pipeline`; the catalogue, all models and all tests are a zone each. Null: a file of the root. */
function zoneOf(file: string): string | null {
  const [layer = '', name] = file.split('/');
  if (['features', 'models', 'test'].includes(layer)) return layer;
  return ['apps', 'libs', 'infra', 'tools'].includes(layer) && name !== undefined ? `${layer}/${name}` : null;
}

const heightOf = (zone: string): number =>
  libraryLayers.findIndex((names) => names.includes(zone.slice('libs/'.length)));

function allowed(from: string, to: string, file: string): boolean {
  if (from === to || from === 'test') return true;
  // A test beside library code may read the catalogue and the models: real definitions instead of stand-ins.
  if (isTest(file) && (to === 'features' || to === 'models')) return true;
  if (from.startsWith('libs/')) return to.startsWith('libs/') && heightOf(from) >= heightOf(to);
  return mayImport.find(({ zone }) => zone.test(from))?.may.test(to) ?? false;
}

function zoneOfImport(one: Import, folders: Map<string, string>): string | null {
  const name = packageOf(one.specifier);
  const path = relativeTarget(one) ?? (name === null ? undefined : folders.get(name));
  return path === undefined ? null : zoneOf(`${path}/`);
}

function circle(edges: Map<string, Set<string>>): string[] | null {
  const done = new Set<string>();
  const visit = (zone: string, path: string[]): string[] | null => {
    if (path.includes(zone)) return [...path.slice(path.indexOf(zone)), zone];
    if (done.has(zone)) return null;
    for (const next of edges.get(zone) ?? []) {
      const found = visit(next, [...path, zone]);
      if (found !== null) return found;
    }
    done.add(zone);
    return null;
  };
  for (const zone of edges.keys()) {
    const found = visit(zone, []);
    if (found !== null) return found;
  }
  return null;
}

function check(workspace: Workspace): string[] {
  const folders = new Map([...packagesOf(workspace)].map(([folder, { name = '' }]) => [name, folder]));
  const problems: string[] = [];
  const edges = new Map<string, Set<string>>();
  for (const file of sourcesOf(workspace)) {
    const from = zoneOf(file);
    if (from === null) continue;
    if (from.startsWith('libs/') && heightOf(from) < 0)
      problems.push(`${file}: ${from} stands in no layer; add it to the table`);
    for (const one of importsOf(workspace, file)) {
      const bare = packageOf(one.specifier) ?? '';
      const never = keepsAwayFrom.find(({ zone, never: p }) => zone.test(from) && p.test(bare));
      if (never !== undefined) problems.push(`${file}: ${from} keeps away from ${bare}`);
      const to = zoneOfImport(one, folders);
      if (to === null || to === from) continue;
      if (!allowed(from, to, file)) problems.push(`${file}: ${from} must not import ${one.specifier} of ${to}`);
      else if (!isTest(file)) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  }
  const found = circle(edges);
  return found === null ? problems : [...problems, `circle of packages: ${found.join(' -> ')}`];
}

/** Imports point down the layers and never in a circle. */
export const layers: Rule = { name: 'layers', check };
