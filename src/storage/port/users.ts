import type { KnownUser } from '../../domain/snapshot.ts';

/** The names of Discord users, which some protocols report with a license. */
export interface Users {
  /** Stores the user's name, replacing the one stored before. Checks that arrive afterwards read the new name. */
  rememberUser(user: KnownUser): Promise<void>;
  /** null: no name was ever stored for this user id. */
  knownUser(id: string): Promise<KnownUser | null>;
}
