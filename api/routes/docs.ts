import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import { absolutePath } from 'swagger-ui-dist';
import type { ApiContext } from '../context.ts';
import { PROBLEM_CODES, problemSchema } from '../problem.ts';
import { BODY_MIB_MAX } from '../middleware/read-json.ts';
import { problemAnswer } from './shapes.ts';

/** Served from this machine, so that the docs can be read where there is no internet. */
const ASSETS: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
  ['favicon-32x32.png', 'image/png'],
]);

const ABOUT = `Durable payments for B2B commerce. Amounts are integers in minor units.

Send \`Authorization: Bearer hf_…\`. What is asked of a payment or an endpoint takes an
\`Idempotency-Key\`: the same key and request have one effect, whenever and however often they are
repeated. The other POSTs are harmless to repeat. A body has at most ${BODY_MIB_MAX} MiB: enough for
500 items with texts of any length that they may have. Lists take the parameters that are named, each
once, and refuse others. Errors are RFC 9457 problems with a
stable \`code\` and a \`requestId\`.`;

export function addDocsRoutes(app: OpenAPIHono<ApiContext>, publicUrl: string): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
  });
  // No route names it: `describe` puts it into each.
  app.openAPIRegistry.register('Problem', problemSchema);
  app.get('/openapi.json', (c) => c.json(describe(app, publicUrl)));
  app.get('/docs/assets/:name', async (c) => {
    const type = ASSETS.get(c.req.param('name'));
    if (type === undefined) return c.notFound();
    const body = await readFile(join(absolutePath(), c.req.param('name')));
    return c.body(body, 200, { 'content-type': type, 'cache-control': 'max-age=3600' });
  });
  app.get('/docs/problems', (c) => c.html(problemsPage()));
  app.get('/docs', (c) => c.html(docsPage()));
}

type Document = ReturnType<OpenAPIHono<ApiContext>['getOpenAPI31Document']>;

/** The document, with the one answer that every route may give besides its own. */
function describe(app: OpenAPIHono<ApiContext>, publicUrl: string): Document {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Holdfast', version: '1', description: ABOUT },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
  });
  const problem = {
    description: problemAnswer.description,
    content: {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    },
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of ['get', 'post', 'put'] as const) {
      const operation = path[method];
      if (operation?.responses !== undefined) operation.responses['default'] = problem;
    }
  }
  return document;
}

const docsPage = () =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Holdfast API</title>
        <link rel="icon" href="/docs/assets/favicon-32x32.png" />
        <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
      </head>
      <body>
        <div id="docs"></div>
        <script src="/docs/assets/swagger-ui-bundle.js"></script>
        <script>
          ${raw(
            `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, ` +
              `persistAuthorization: true, validatorUrl: null, defaultModelsExpandDepth: 0 });`,
          )};
        </script>
      </body>
    </html>`;

const problemsPage = () =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Holdfast: problems</title>
        <style>
          body {
            font:
              16px/1.5 system-ui,
              sans-serif;
            max-width: 50rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          td,
          th {
            text-align: left;
            padding: 0.3rem 1rem 0.3rem 0;
          }
        </style>
      </head>
      <body>
        <h1>Problems</h1>
        <p>Every error has one of these codes. They stay; titles and details may be reworded.</p>
        <table>
          <tr>
            <th>Code</th>
            <th>HTTP status</th>
            <th>Means</th>
          </tr>
          ${PROBLEM_CODES.map(
            ({ code, status, title }) =>
              html`<tr id="${code}">
                <td><code>${code}</code></td>
                <td>${status}</td>
                <td>${title}</td>
              </tr>`,
          )}
        </table>
      </body>
    </html>`;
