import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import type { ApiContext } from '../context.ts';

/** Where buyers land when checkout named no address of its own. It says nothing about the payment:
 *  whoever has the link is not known, and what the browser brings back is never believed. */
export function addReturnRoute(app: OpenAPIHono<ApiContext>): void {
  app.get('/return/:id', (c) =>
    c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>Thank you</title>
          </head>
          <body style="font: 18px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto">
            <h1>Thank you</h1>
            <p>Your bank’s answer is on its way to the shop. You can close this window.</p>
          </body>
        </html>`,
    ),
  );
}
