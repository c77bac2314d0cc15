import { type Client, Events, GatewayCloseCodes } from 'discord.js';

/** Why Discord rejects the login, or ends a connection for good. */
export type RejectReason = 'bad-token' | 'intents-refused';
export type ConnectResult = 'connected' | RejectReason;

/** Logs in and waits for READY. Rejects where Discord cannot be reached. */
export async function connect(client: Client, token: string): Promise<ConnectResult> {
  const connected = new Promise<ConnectResult>((resolve) => {
    client.once(Events.ClientReady, () => {
      resolve('connected');
    });
  });
  const login = client.login(token).then(
    () => connected,
    (error: unknown) => {
      if (isInvalidToken(error)) return 'bad-token' as const;
      throw error;
    },
  );
  return Promise.race([connected, untilRejected(client), login]);
}

/** Resolves when Discord rejects the bot. After any other disconnect discord.js connects again by itself. */
export function untilRejected(client: Client): Promise<RejectReason> {
  return new Promise((resolve) => {
    client.on(Events.ShardDisconnect, ({ code }) => {
      if (code === (GatewayCloseCodes.DisallowedIntents as number)) resolve('intents-refused');
      if (code === (GatewayCloseCodes.AuthenticationFailed as number)) resolve('bad-token');
    });
  });
}

function isInvalidToken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'TokenInvalid' || error.code === 401);
}
