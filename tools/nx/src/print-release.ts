import { planRelease, releasableModels } from './release-plan.ts';

// `npm run release-plan -- <commit> [models]`: lines that release-model.yml takes as outputs. Named models, separated by commas, are released as they
// are, with the image that runs.
const root = process.cwd();
const [base = 'main', names = ''] = process.argv.slice(2);
const named = names.split(',').filter(Boolean);
const releasable = releasableModels(root);
const unknown = named.filter((name) => !releasable.includes(name));
if (unknown.length > 0) {
  const allowed = releasable.join(', ') || 'none, since no model has a champion';
  console.error(`models: received ${JSON.stringify(unknown)}; allowed: ${allowed}; name models with a champion`);
  process.exitCode = 2;
} else {
  const { models, image } = named.length > 0 ? { models: named, image: false } : planRelease(root, base);
  console.log(`models=${JSON.stringify([...new Set(models)])}`);
  console.log(`image=${image}`);
}
