import fc from 'fast-check'

/** One seed for every property, so that a run of the tests repeats; `FC_SEED=N npx vitest run …` looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_260_101) })
