import { planSince } from './plan.ts';

// `npm run plan -- <commit>`: lines that a workflow takes as outputs. Models are JSON, for a matrix; projects what `nx run-many -p` takes.
const { projects, models } = planSince(process.cwd(), process.argv[2] ?? 'main');
console.log(`projects=${projects.join(',')}`);
console.log(`models=${JSON.stringify(models)}`);
