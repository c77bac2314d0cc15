import { LRUCache } from 'lru-cache';
import type { Log } from '../../log/log.ts';
import type { Services } from '../../services/services.ts';

interface DiscordUser {
  readonly id: string;
  readonly username: string;
  readonly discriminator: string;
}

export type RememberUser = (user: DiscordUser) => void;

/** Stores the names of users that the bot sees, so that checks and lists can show them; each again when it changes. */
export function createRememberUser(services: Pick<Services, 'members'>, log: Log): RememberUser {
  const remembered = new LRUCache<string, string>({ max: 10_000 });

  return ({ id, username, discriminator }) => {
    const name = `${username}#${discriminator}`;
    if (remembered.get(id) === name) return;
    remembered.set(id, name);
    services.members.remember({ id, username, discriminator }).catch((error: unknown) => {
      remembered.delete(id);
      log.warn('A user’s name was not remembered', { error });
    });
  };
}
