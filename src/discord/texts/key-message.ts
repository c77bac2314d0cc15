import type { Reply } from '../framework/reply.ts';
import { isSafeInCodeBlock, codeBlock } from './escape-text.ts';

const unmarked = /^[A-Za-z0-9-]+$/;

/**
 * A key or secret alone in a message, every character as it is. Letters, digits and hyphens stand plain, because phones
 * copy whole messages. In all other texts Discord may take characters for marks, so they stand in a code block, or in a
 * file where they would end the block.
 */
export function keyMessage(key: string, file = 'license-key.txt'): Reply {
  if (unmarked.test(key)) return { content: key };
  return isSafeInCodeBlock(key) ? { content: codeBlock(key) } : { files: [{ name: file, data: `${key}\n` }] };
}
