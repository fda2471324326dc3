/** What a person does at a provider by hand, as `POST /_sim/dashboard/{action}`: the form that all simulators share. */
import { Hono } from 'hono';
import type { z } from 'zod';

/** `Simulated`: whatever a simulator's actions work on. */
export type DashboardAction<Simulated> = {
  /** The body, for a person who got it wrong. */
  readonly takes: string;
  /** Null if the body is not what the action takes. */
  readonly act: (simulated: Simulated, body: unknown) => object | null;
};

export function action<Simulated, T>(
  takes: string,
  shape: z.ZodType<T>,
  act: (simulated: Simulated, wish: T) => object,
): DashboardAction<Simulated> {
  return {
    takes,
    act: (simulated, body) => {
      const wish = shape.safeParse(body);
      return wish.success ? act(simulated, wish.data) : null;
    },
  };
}

type DashboardParts<Simulated> = {
  readonly simulated: Simulated;
  readonly actions: ReadonlyMap<string, DashboardAction<Simulated>>;
  readonly before: (url: string) => void;
  /** Not when the action was refused. */
  readonly after: () => void;
  /** How the provider words a refusal; null for what is none. */
  readonly refusal: (error: unknown) => Response | null;
};

export function dashboardRoutes<Simulated>(parts: DashboardParts<Simulated>): Hono {
  const { simulated, actions, before, after, refusal } = parts;
  const routes = new Hono();
  routes.post('/:action', async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    before(c.req.url);
    const name = c.req.param('action');
    const chosen = actions.get(name);
    try {
      const result = chosen?.act(simulated, body) ?? null;
      after();
      if (result !== null) return c.json(result);
      return c.json({ error: help([...actions.keys()], name, chosen?.takes) }, 400);
    } catch (error) {
      const refused = refusal(error);
      if (refused === null) throw error;
      return refused;
    }
  });
  return routes;
}

function help(names: readonly string[], name: string, takes: string | undefined): string {
  const all = names.join(', ');
  return takes === undefined
    ? `There is no ${name}. POST { ref, … } to one of: ${all}`
    : `POST ${takes} to ${name}. All there is: ${all}`;
}
