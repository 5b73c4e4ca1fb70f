import { defineConfig } from 'vitest/config'

/** What measures, or fills the machine by itself: nothing else runs beside these. */
const alone = [
  'e2e/e2ee.test.ts',
  'e2e/effects.test.ts',
  'e2e/meeting.test.ts',
  'e2e/recording.test.ts',
  'e2e/sfu/codecs.test.ts',
  'e2e/sfu/crowd.test.ts',
  'e2e/sfu/leaks.test.ts',
  'e2e/sfu/meeting.test.ts',
  'e2e/sfu/thin-line.test.ts',
  'e2e/turn/coturn.test.ts',
  'e2e/trouble.test.ts',
  'e2e/turn/flood.test.ts',
].map(file => `**/${file}`)

const browsers = {
  // What converges is waited for; a machine that is busy takes its time, which costs nothing where all is well.
  testTimeout: 900_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 300_000 } },
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/*.test.mjs'],
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 30_000 } },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: alone,
          // Two files fill two cores: with three, browsers that send and hear each other starve, and it ends no sooner.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...browsers,
        },
      },
      {
        test: {
          name: 'e2e-alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...browsers,
        },
      },
    ],
  },
})
