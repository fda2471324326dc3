/**
 * All ports of a start, chosen before anything runs, so that every process can be told the others'
 * addresses.
 */
import type { PortName, Settings } from './env.ts';
import { choosePort } from './ports.ts';

export async function chooseStackPorts(
  { ports, host, databaseUrl, temporalAddress }: Settings,
  note: (line: string) => void,
): Promise<Record<PortName, number>> {
  const local = '127.0.0.1';
  const choose = (name: PortName, at: string) => choosePort(ports[name], note, at);
  return {
    api: await choose('api', host),
    // A server that runs elsewhere needs no port here.
    temporal: temporalAddress === null ? await choose('temporal', local) : 0,
    temporalUi: temporalAddress === null ? await choose('temporalUi', local) : 0,
    postgres: databaseUrl === null ? await choose('postgres', local) : 0,
    stripe: await choose('stripe', host),
    infinitepay: await choose('infinitepay', host),
    apruve: await choose('apruve', host),
  };
}
