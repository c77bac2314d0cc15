/** Who made a change: a Discord user, an API key, the command line, or the program itself. */
export type Actor =
  | { readonly type: 'user'; readonly id: string }
  | { readonly type: 'api-key'; readonly id: number }
  | { readonly type: 'cli' }
  | { readonly type: 'system' };

export const commandLine: Actor = { type: 'cli' };
export const system: Actor = { type: 'system' };

/** The actor as one stored word: `user:<id>`, `api-key:<id>`, `cli` or `system`. */
export function actorText(actor: Actor): string {
  return 'id' in actor ? `${actor.type}:${String(actor.id)}` : actor.type;
}

/** The actor that `actorText` wrote as this text. */
export function actorOf(text: string): Actor {
  const [type, id = ''] = text.split(':');
  if (type === 'user') return { type, id };
  if (type === 'api-key') return { type, id: Number(id) };
  return { type: type === 'cli' ? 'cli' : 'system' };
}
