import { planSince } from './plan.ts';

// `npm run plan -- <commit>`: lines that a workflow takes as outputs. Models and suites are JSON, for a matrix; projects what `nx run-many -p`
// takes, and programs what `npm run render` does.
const { projects, models, programs, suites } = planSince(process.cwd(), process.argv[2] ?? 'main');
console.log(`projects=${projects.join(',')}`);
console.log(`models=${JSON.stringify(models)}`);
console.log(`programs=${programs.join(',')}`);
console.log(`suites=${JSON.stringify(suites)}`);
