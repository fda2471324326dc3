/** How the pages look that a simulator shows to a person in place of its provider. */
import { html } from 'hono/html';

export type PageLook = {
  /** Whose page it is: in the title and above the heading, beside that no money is real. */
  readonly name: string;
  /** `card` asks one thing in the middle of the window, `sheet` shows what there is, from the top. */
  readonly layout: keyof typeof LAYOUTS;
  /** Rules besides the layout's. Plain text without quotes or angle brackets: `html` would escape those. */
  readonly style: string;
};

export function createPage({ name, layout, style }: PageLook) {
  const { rules, notice } = LAYOUTS[layout];
  return (title: string, body: unknown) =>
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · ${name}</title>
          <style>
            ${COMMON}${rules}${style}
          </style>
        </head>
        <body>
          <main>
            ${notice(name)}
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html>`;
}

const COMMON = `
:root { color-scheme: light dark; --ground: light-dark(#eef1f6, #14171d); --ink: light-dark(#1b2230, #e8ecf3);
  --quiet: light-dark(#596273, #a3adbd); --paper: light-dark(#fff, #1f242d); --edge: light-dark(#8a94a6, #6b7688);
  --main: #1f5fd0; --link: light-dark(#1f5fd0, #8ab4ff); --focus: #7aa7ff; }
body { margin: 0; padding: 1rem; font: 1.0625rem/1.5 system-ui, sans-serif; background: var(--ground); color: var(--ink); }
main { padding: 2rem; border-radius: 12px; background: var(--paper); }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; }
.fine { font-size: 0.875rem; color: var(--quiet); }
button, select { font: inherit; border-radius: 8px; color: inherit; border: 1px solid var(--edge); background: transparent; }
a { color: var(--link); }
`;

const CARD = `
* { box-sizing: border-box; }
body { min-height: 100vh; display: grid; place-items: center; }
main { width: 100%; max-width: 26rem; box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); }
h1 { line-height: 1.25; }
.whose { display: flex; justify-content: space-between; margin: 0 0 1.5rem; font-weight: 600; }
.whose span { font-weight: 400; }
form { display: grid; gap: 0.75rem; }
button, select { padding: 0.75rem 1rem; }
button.main { border-color: var(--main); background: var(--main); color: #fff; font-weight: 600; }
button:focus-visible, select:focus-visible, a:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
`;

const SHEET = `
main { max-width: 40rem; margin: 2rem auto; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 1.5rem 0; }
button { padding: 0.6rem 1rem; }
`;

const LAYOUTS = {
  card: {
    rules: CARD,
    notice: (name: string) => html`<p class="whose">${name} <span>no real money</span></p>`,
  },
  sheet: {
    rules: SHEET,
    notice: (name: string) => html`<p class="fine">${name}, no real money</p>`,
  },
};
