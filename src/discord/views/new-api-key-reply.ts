import type { ApiKeyCreated } from '../../services/api-keys.ts';
import type { Reply } from '../framework/reply.ts';
import { apiKeyName, describeApiKeyState } from '../texts/api-keys.ts';
import { keyMessage } from '../texts/key-message.ts';
import { describeWarning } from '../../texts/warnings.ts';

/** Shows a new API key to the staff member who made it, with its secret alone in a message, this once. */
export function newApiKeyReply({ apiKey, secret, warnings }: ApiKeyCreated, now: Date): Reply {
  const lines = [
    `API key ${apiKeyName(apiKey)} with ${apiKey.scopes.join(', ')} is ${describeApiKeyState(apiKey, now)}.`,
    'The next message is its secret. ⚠️ **It is shown this once:** copy it now, and post it nowhere.',
    ...warnings.map((warning) => `⚠️ ${describeWarning(warning)}`),
  ];
  return { content: lines.join('\n'), more: [keyMessage(secret, 'api-key.txt')] };
}
