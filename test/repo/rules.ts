import { actionPins } from './action-pins.ts';
import { barrels } from './barrels.ts';
import { codeOwners } from './code-owners.ts';
import { declaredDependencies } from './declared-dependencies.ts';
import { documentation } from './documentation.ts';
import { exportMaps } from './export-maps.ts';
import { fileLength } from './file-length.ts';
import { layers } from './layers.ts';
import { localCalls } from './local-calls.ts';
import { lockfile } from './lockfile.ts';
import { machinePaths } from './machine-paths.ts';
import { pathNames } from './path-names.ts';
import { requiredCheck } from './required-check.ts';
import { skippedTests } from './skipped-tests.ts';
import { workflowCommands } from './workflow-commands.ts';
import { workflowLimits } from './workflow-limits.ts';
import { workflowPermissions } from './workflow-permissions.ts';
import { workflowTrust } from './workflow-trust.ts';
import type { Rule } from './workspace.ts';

/** The rules that the workspace keeps. Each has fixtures `fixtures/<name>*.txt` that break it and no other. */
export const rules: readonly Rule[] = [
  layers,
  declaredDependencies,
  fileLength,
  barrels,
  pathNames,
  lockfile,
  documentation,
  skippedTests,
  machinePaths,
  exportMaps,
  actionPins,
  localCalls,
  workflowPermissions,
  workflowLimits,
  workflowTrust,
  workflowCommands,
  requiredCheck,
  codeOwners,
];
