import { type Client, Events, GatewayCloseCodes } from 'discord.js';

export type Connection = 'connected' | 'bad-token' | 'intents-refused';

/** Logs in and waits for READY. Rejects where Discord cannot be reached. */
export async function connect(client: Client, token: string): Promise<Connection> {
  const connected = new Promise<Connection>((resolve) => {
    client.once(Events.ClientReady, () => {
      resolve('connected');
    });
    client.on(Events.ShardDisconnect, ({ code }) => {
      if (code === (GatewayCloseCodes.DisallowedIntents as number)) resolve('intents-refused');
      if (code === (GatewayCloseCodes.AuthenticationFailed as number)) resolve('bad-token');
    });
  });
  const login = client.login(token).then(
    () => connected,
    (error: unknown) => {
      if (isInvalidToken(error)) return 'bad-token' as const;
      throw error;
    },
  );
  return Promise.race([connected, login]);
}

function isInvalidToken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'TokenInvalid' || error.code === 401);
}
