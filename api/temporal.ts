import { Connection } from '@temporalio/client';
import { connectionOptions, type TemporalEnv } from '../workflows/contracts.ts';

/**
 * A connection that is made when it is first needed: the API answers rightly while Temporal cannot
 * be reached, also at its own start. After an outage it is back within two seconds; gRPC's own
 * pauses between attempts grow to two minutes.
 */
export const connectTemporal = (env: TemporalEnv): Connection =>
  Connection.lazy({
    ...connectionOptions(env),
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 2_000,
    },
  });
