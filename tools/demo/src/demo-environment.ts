/** What a child process gets from the user's environment: how to find programs and temporary folders, and nothing that changes what it does. */
const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_COMPILE_CACHE'] as const;

/** The environment of a child process of the demo: no variable of the user's points it at a real state, cluster or repository. */
export function demoEnvironment(more: Readonly<Record<string, string>>): Record<string, string> {
  const own = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(own), ORT_DISABLE_TELEMETRY: '1', NO_COLOR: '1', ...more };
}
