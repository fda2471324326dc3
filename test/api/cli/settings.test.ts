import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../api/cli/dev/env.ts';

describe('the settings of npm start', () => {
  it('are the fixed ports and a demo when nothing is set', () => {
    const { ports, demo, databaseUrl, temporalAddress } = readSettings([], {});
    const numbers = Object.values(ports).map(({ port }) => port);
    expect(numbers).toEqual([8080, 7233, 8233, 5433, 4010, 4011, 4012]);
    expect({ demo, databaseUrl, temporalAddress }).toEqual({
      demo: true,
      databaseUrl: null,
      temporalAddress: null,
    });
  });

  it('take an empty variable for one that is not set', () => {
    const { ports, databaseUrl } = readSettings([], { PORT: '', DATABASE_URL: '' });
    expect([ports.api.port, ports.api.explicit, databaseUrl]).toEqual([8080, false, null]);
  });

  it('leave the demo out when asked', () => {
    expect(readSettings(['--no-demo'], {}).demo).toBe(false);
  });

  it.each(['http', '0', '70000', '8080.5'])('refuse %s as a port', (text) => {
    expect(() => readSettings([], { PORT: text })).toThrow(`PORT=${text} is not a port`);
  });

  it('refuse an argument that does not exist, rather than ignore it', () => {
    expect(() => readSettings(['--nodemo'], {})).toThrow('Unknown argument --nodemo');
  });
});
