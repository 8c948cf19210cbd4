import { defineConfig } from 'vitest/config';

// `unit` runs in seconds and needs nothing but Node; `whole` runs the built command against real servers.
export default defineConfig({
  test: {
    isolate: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'whole', include: ['test/whole/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
});
