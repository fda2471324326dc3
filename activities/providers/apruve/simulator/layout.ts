/** How the buyer's pages look. */
import { html } from 'hono/html';

export function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Simulated Apruve</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <p class="lender">Simulated Apruve <span>no real money</span></p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

/** Plain text without quotes or angle brackets: `html` would escape those. */
const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 1.0625rem/1.5 system-ui, sans-serif; background: light-dark(#eef4f0, #141a17);
  color: light-dark(#1b2b22, #e8f0ec); }
main { width: 100%; max-width: 26rem; padding: 2rem; border-radius: 12px;
  background: light-dark(#fff, #1f2a24); box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; }
code { overflow-wrap: anywhere; }
.lender { display: flex; justify-content: space-between; margin: 0 0 1.5rem; font-weight: 600; }
.lender span { font-weight: 400; }
form, label { display: grid; gap: 0.75rem; margin-top: 1rem; }
button, select { font: inherit; padding: 0.75rem 1rem; border-radius: 8px; color: inherit;
  border: 1px solid light-dark(#6f8a7b, #6b8877); background: transparent; }
button.main { border-color: #14713d; background: #14713d; color: #fff; font-weight: 600; }
button:focus-visible, select:focus-visible, a:focus-visible { outline: 3px solid #5fbf8a; outline-offset: 2px; }
a { color: light-dark(#14713d, #7ad6a2); }
`;
