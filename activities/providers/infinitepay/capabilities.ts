import { amountProblem } from './amounts.ts';

/** What InfinitePay can do, as the rest of Holdfast asks for it. */
export const infinitePayCapabilities = {
  /** As people say it. */
  label: 'InfinitePay',
  /** Payment method → lifecycle family. */
  methods: { guarantee: 'guarantee' },
  amountProblem,
  /** Its two worlds, which nothing in the credentials tells apart. */
  hosts: { test: 'test.infinitepay.de', live: 'app.infinitepay.de' },
} as const;
