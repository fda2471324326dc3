/** How the buyer's pages look: in green, unlike a bank's. */
import { createPage } from '../../shared/simulator-page.ts';

export const page = createPage({
  name: 'Simulated Apruve',
  layout: 'card',
  style: `
:root { --ground: light-dark(#eef4f0, #141a17); --ink: light-dark(#1b2b22, #e8f0ec); --paper: light-dark(#fff, #1f2a24);
  --edge: light-dark(#6f8a7b, #6b8877); --main: #14713d; --link: light-dark(#14713d, #7ad6a2); --focus: #5fbf8a; }
code { overflow-wrap: anywhere; }
form, label { display: grid; gap: 0.75rem; margin-top: 1rem; }
`,
});
