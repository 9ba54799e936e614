import { planSince } from './plan.ts';

// `npm run plan -- <commit>`: lines that a workflow takes as outputs. Models are JSON, for a matrix; projects what `nx run-many -p`
// takes, and programs what `npm run render` does.
const { projects, models, programs } = planSince(process.cwd(), process.argv[2] ?? 'main');
console.log(`projects=${projects.join(',')}`);
console.log(`models=${JSON.stringify(models)}`);
console.log(`programs=${programs.join(',')}`);
