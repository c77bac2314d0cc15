import { describe, expect, test } from '@jest/globals';
import type { ApiKey } from '../../../src/domain/api-key.ts';
import { keysOnly } from '../../../src/discord/texts/direct-message.ts';
import { keyMessage } from '../../../src/discord/texts/key-message.ts';
import { newApiKeyReply } from '../../../src/discord/views/new-api-key-reply.ts';
import { liveMarks } from '../../support/hostile-text.ts';

/** Discord's rule for a code block: three backticks, perhaps a language on their line, and all up to the next three. */
const codeBlock = /^```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][^]*?)\n*```/i;

describe('a key in a message', () => {
  test.each(['AAAAA-BBBBB-CCCCC-DDDDD-EEEEE', '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90', 'lkAbC123'])(
    '%s is all that the message is',
    (key) => {
      expect(keyMessage(key)).toEqual({ content: key });
    },
  );

  test.each([
    '_SHOP_12345_',
    '*star* **bold**',
    '~~gone~~',
    '||hidden||',
    '# big',
    '> quote',
    'SHOP `tick` ``two``',
    '`start and end`',
    'ends with ``',
    '<@1> @everyone',
    '[x](https://evil.example)',
    'back\\*slash',
    'KEY 1234 with blanks',
    'schlüssel-é-鍵',
    'c++',
    '.\u00a0.',
  ])('%s is copied character by character', (key) => {
    const message = keyMessage(key);
    expect(codeBlock.exec(message.content ?? '')?.[1]).toBe(key);
    expect(liveMarks(message.content ?? '')).toEqual([]);
  });

  test.each(['a```b', '```', 'ends with ```'])('%s would end a code block, so it comes as a file', (key) => {
    expect(keyMessage(key)).toEqual({ files: [{ name: 'license-key.txt', data: `${key}\n` }] });
  });

  test('several come as a file with every character as it is', () => {
    const keys = ['_a_', '*b*'].map((key) => ({ key, product: 'Vault' }));
    expect(keysOnly(keys).files?.[0]?.data).toBe('_a_\tVault\n*b*\tVault\n');
  });

  test('a supplied secret of an API key is shown like a key', () => {
    const apiKey: ApiKey = {
      ...{ id: 1, guildId: 'g1', name: 'shop', scopes: ['auth' as const], createdAt: new Date(0), createdBy: 'cli' },
      ...{ expiresAt: null, revokedAt: null },
    };
    const { more } = newApiKeyReply({ apiKey, secret: 'sk_live_1', warnings: [] }, new Date(0));
    expect(more).toEqual([{ content: '```\nsk_live_1\n```' }]);
  });
});
