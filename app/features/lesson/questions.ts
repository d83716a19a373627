import type { Choice } from './question.tsx'

export const prediction = {
  question:
    'The executor is about to write a token balance that is 1,000 too high. What will happen?',
  choices: [
    {
      text: 'L1 runs the whole batch again and finds the error.',
      why: 'That would cost L1 as much as doing all the work itself. A rollup exists to avoid just that.',
      isRight: false,
    },
    {
      text: 'The committee of sequencers votes on who is right.',
      why: 'The committee agrees on the order of transactions. It does not execute them and has no say about balances.',
      isRight: false,
    },
    {
      text: 'One node that recomputes everything objects, and L1 runs a single instruction to see who is right.',
      why: 'The two halve their disagreement until one step of the EVM is left, and L1 runs that one step.',
      isRight: true,
    },
    {
      text: 'Nothing: L1 cannot see into L2.',
      why: 'L1 sees hashes only, yet a witness that fits the hashes lets it run any single step.',
      isRight: false,
    },
  ],
} as const satisfies { question: string; choices: readonly Choice[] }

export const found = {
  question: 'Step back and forth with ← and →. Which instruction did L1 execute in the end?',
  choices: [
    {
      text: 'ADD: the sum of two balances',
      why: 'An ADD ran a few steps earlier, and both sides agreed on its result.',
      isRight: false,
    },
    {
      text: 'SSTORE: a balance written to storage',
      why: 'The value on the stack was right. The executor claimed that another one was stored.',
      isRight: true,
    },
    {
      text: 'The whole token transfer',
      why: 'The transfer has hundreds of steps. All but one were agreed on without running any.',
      isRight: false,
    },
  ],
} as const satisfies { question: string; choices: readonly Choice[] }
