/** The OpenAPI document and the pages that show it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../../api/problem.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

type Operation = {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  security: Record<string, unknown>[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
};
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

let holdfast: Holdfast;
let document: Document;
beforeAll(async () => {
  holdfast = await createHoldfast({ workerless: true });
  document = (await holdfast.request<Document>('GET', '/openapi.json', { key: null })).body;
});
afterAll(() => holdfast.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

/** Every object in `value`, itself included. */
function* nodes(value: unknown): Generator<Record<string, unknown>> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* nodes(part);
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and names where it is served', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Holdfast', version: expect.any(String) });
    expect(document.servers).toEqual([{ url: 'http://127.0.0.1:8080' }]);
  });

  it('has every route of the API', () => {
    const routes = holdfast.app.routes
      .filter(({ method, path }) => METHODS.includes(method) && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const documented = operations().map(({ name }) => name);
    expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted());
    expect(documented).toContain('POST /v1/payments/{id}/capture');
  });

  it('resolves every reference, in words of 3.1', () => {
    const refs = [...nodes(document)].flatMap(({ $ref }) =>
      typeof $ref === 'string' ? [$ref] : [],
    );
    expect(refs).toContain('#/components/schemas/Payment');
    const resolve = (ref: string) =>
      ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>(
          (at, name) => (at as Record<string, unknown> | undefined)?.[name],
          document,
        );
    expect(refs.filter((ref) => typeof resolve(ref) !== 'object')).toEqual([]);
    // `nullable` and a boolean `exclusiveMinimum` are of 3.0: 3.1 is JSON Schema.
    for (const node of nodes(document.components['schemas'])) {
      expect(node).not.toHaveProperty('nullable');
      expect(node['exclusiveMinimum']).not.toBe(true);
    }
  });

  it('describes each operation, its parameters, its success and its problems', () => {
    const described = operations().map(({ name, path, operation }) => {
      const responses = Object.entries(operation.responses);
      return {
        name,
        summary: /\w/.test(operation.summary ?? ''),
        pathParameters:
          (operation.parameters ?? [])
            .filter((each) => each.in === 'path' && each.required === true)
            .map((each) => `{${each.name}}`)
            .join() === (path.match(/\{\w+\}/g) ?? []).join(),
        success: responses.some(([status]) => /^2\d\d$/.test(status)),
        words: responses.every(([, { description }]) => /\w/.test(description)),
        problems: operation.responses['default']?.content,
      };
    });
    const problems = {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    };
    const whole = { summary: true, pathParameters: true, success: true, words: true, problems };
    expect(described).toEqual(described.map(({ name }) => ({ name, ...whole })));
  });

  it('asks for a key that it describes, and for the Idempotency-Key where it is needed', () => {
    const [scheme = ''] = Object.keys(document.security[0]!);
    expect(document.components['securitySchemes']?.[scheme]).toEqual({
      type: 'http',
      scheme: 'bearer',
    });
    const isKeyed = /^POST \/v1\/(payments|webhook-endpoints)/;
    const posts = operations().filter(({ name }) => isKeyed.test(name));
    expect(posts).toHaveLength(27);
    for (const { operation } of posts) {
      const key = { name: 'idempotency-key', in: 'header', required: true };
      expect(operation.parameters).toContainEqual(expect.objectContaining(key));
    }
  });

  it('has every field that a payment has, and no other', async () => {
    const schema = document.components['schemas']?.['Payment'] as {
      properties: object;
      required: string[];
    };
    const fields =
      'id mode lifecycle status statusText method provider source amounts nextAction deadline deadlines ' +
      'scheduledCapture commands decline needsAttention details createdAt updatedAt links';
    expect(Object.keys(schema.properties)).toEqual(fields.split(' '));
    expect(schema.required).toEqual(fields.split(' '));
  });
});

describe('/docs', () => {
  it('is a page whose every asset comes from this process', async () => {
    const page = await holdfast.request<string>('GET', '/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const assets = [...page.body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, path]) => path!);
    expect(assets).toHaveLength(3);
    for (const path of assets) {
      expect(path).toMatch(/^\/docs\/assets\//);
      const asset = await holdfast.app.request(path);
      expect(asset.status).toBe(200);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    expect(page.body).toContain("url: '/openapi.json'");
    expect(page.body).not.toMatch(/https?:\/\//);
  });

  it.each(['../package.json', '..%2fpackage.json', 'index.js', 'package.json'])(
    'serves nothing else of its package: %s',
    async (name) => {
      expect((await holdfast.app.request(`/docs/assets/${name}`)).status).toBe(404);
    },
  );

  it('explains every problem where its type points', async () => {
    const { body } = await holdfast.request<string>('GET', '/docs/problems', { key: null });
    for (const { code, status } of PROBLEM_CODES) {
      expect(body).toContain(`id="${code}"`);
      expect(body).toContain(String(status));
    }
  });
});
