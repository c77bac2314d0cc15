import { describe, expect, test } from '@jest/globals';
import { embedLength, toMessage } from '../../src/discord/framework/message.ts';
import { ellipsize } from '../../src/discord/texts/ellipsize.ts';
import { embed, fitLines } from '../../src/discord/framework/embed.ts';
import { codeText, escapeText } from '../../src/discord/texts/escape-text.ts';

describe('texts that others wrote', () => {
  test.each([
    ['@everyone', '@\u200beveryone'],
    ['<@123>', '\\<@\u200b123\\>'],
    ['**bold** _it_ `code` ~~x~~ ||y||', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\` \\~\\~x\\~\\~ \\|\\|y\\|\\|'],
    ['[click](https://evil.example)', '\\[click\\]\\(https:\u200b//evil.example\\)'],
    ['# big\n> quote', '\\# big \\> quote'],
    ['a\u001b[31mred\u202eback', 'a \\[31mred back'],
  ])('%j shows as it stands', (given, shown) => {
    expect(escapeText(given)).toBe(shown);
  });

  test('are cut by what people see, and stay on their line as code', () => {
    expect(escapeText('x'.repeat(100_000), 50)).toHaveLength(50);
    expect(codeText('a`b\nc')).toBe('`aˋb c`');
    expect(codeText('')).toBe('` `');
  });

  test('are never cut within a character', () => {
    expect(ellipsize('ab😀cd', 4)).toBe('ab…');
    expect(ellipsize('ab😀', 4)).toBe('ab😀');
  });
});

describe('messages within Discord’s limits', () => {
  test('one embed never has more than 6,000 characters', () => {
    const fields = Array.from({ length: 40 }, () => ['n'.repeat(300), 'v'.repeat(2000)] as const);
    const built = embed({ title: 't'.repeat(500), lines: ['l'.repeat(9000)], fields, footer: 'f'.repeat(3000) });
    expect(embedLength(built)).toBeLessThanOrEqual(6000);
    expect(built.description!.length).toBeLessThanOrEqual(4096);
  });

  test('lines that do not fit are counted', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index} ${'x'.repeat(40)}`);
    const fitted = fitLines(lines, 1000);
    expect(fitted.length).toBeLessThanOrEqual(1000);
    const shown = fitted.split('\n').length - 1;
    expect(fitted).toContain(`… and ${100 - shown} more`);
  });

  test('several embeds together have at most 6,000 characters', () => {
    const embeds = Array.from({ length: 12 }, () => embed({ lines: ['x'.repeat(1500)] }));
    expect(toMessage({ embeds }).embeds).toHaveLength(4);
  });

  test('long content becomes a file with all of it', () => {
    const content = 'key\n'.repeat(1000);
    const message = toMessage(content);
    expect(message.content.length).toBeLessThanOrEqual(2000);
    expect(message.files[0]?.attachment.toString()).toBe(content);
  });
});
