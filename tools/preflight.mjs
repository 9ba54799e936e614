// One readable line instead of a syntax error when a Node older than 24 runs the scripts. Plain JavaScript on purpose.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node ${process.versions.node} is too old: Node 24 or newer is needed. On Linux x64 "npm ci" installs it; elsewhere install the version in .node-version, then use "npm run" or "npx".`,
  );
  process.exit(2);
}
