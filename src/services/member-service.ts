import type { KnownUser } from '../domain/check.ts';

export interface MemberService {
  /** Does with the member's licenses what `member.onLeave` says; how many were suspended. */
  left(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** Does with the member's licenses what `member.onBan` says. */
  banned(guildId: string, userId: string): Promise<{ readonly suspended: number }>;
  /** Gives the roles that the member's licenses earn. */
  joined(guildId: string, userId: string): Promise<{ readonly effectIds: readonly number[] }>;
  remember(user: KnownUser): Promise<void>;
  /** Roles that the member's licenses earn: customer role and products' buyer roles, of licenses active or off. */
  wantedRoles(guildId: string, userId: string): Promise<readonly string[]>;
}
