/** What every server gets of the environment: where programs are, and nothing that could change how it behaves. */
export function base(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'SYSTEMROOT'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}
