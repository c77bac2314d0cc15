import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type APIApplicationCommandOption, ApplicationCommandOptionType } from 'discord.js';
import { commands } from '../../commands/index.ts';
import { settingKeys } from '../../src/domain/settings/settings.ts';
import { staffActions } from '../../src/domain/settings/staff-actions.ts';
import { createCommandTable } from '../../src/discord/framework/command-table.ts';
import { productFieldShape } from '../../src/discord/options/product-fields.ts';

/**
 * What can be set or typed, and has no effect yet. Nothing may be added: what no code reads must not be offered. A change that makes
 * one of these work removes it here.
 */
const withoutEffect = {
  // `locale` has one value so far.
  settings: ['remind.days', 'claim.onRoleLost', 'locale'],
  staffActions: ['license.bulk'],
  productFields: ['claimRoleId'],
  errorCodes: ['already-claimed', 'policy-unknown'],
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = ['src/**/*.ts', 'commands/*.ts', 'events/*.ts']
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')] as const);

/** All code but that in the given files and folders. */
function codeOutside(...paths: readonly string[]): string {
  const kept = sources.filter(([path]) => !paths.some((excluded) => path.startsWith(excluded)));
  return kept.map(([, text]) => text).join('\n');
}

/** The options that a command or its subcommands have. */
function optionNames(options: readonly APIApplicationCommandOption[] = []): readonly string[] {
  return options.flatMap((option) =>
    option.type === ApplicationCommandOptionType.Subcommand ||
    option.type === ApplicationCommandOptionType.SubcommandGroup
      ? optionNames(option.options)
      : [option.name],
  );
}

describe('nothing is offered that has no effect:', () => {
  test('every setting is read by more than what shows and changes settings', () => {
    const code = codeOutside('src/domain/settings/', 'src/discord/settings/', 'src/discord/setup/');
    // `limits.${kind}` reads all settings of a section, and roleSetting(action) the role list of an action.
    const isRead = (key: string) => code.includes(`'${key}'`) || code.includes(`settings[\`${key.split('.')[0]}.\${`);
    const roleLists = staffActions.map((action) => `roles.${action}`);
    const unread = settingKeys.filter((key) => !roleLists.includes(key) && !isRead(key));
    expect(unread).toEqual(withoutEffect.settings);
  });

  test('every staff action is asked for by a command', () => {
    const code = codeOutside('src/domain/settings/', 'src/discord/setup/', 'src/texts/');
    expect(staffActions.filter((action) => !code.includes(`'${action}'`))).toEqual(withoutEffect.staffActions);
  });

  test('every option of a command is read', () => {
    const code = codeOutside().replace(/\.setName\('[\w-]+'\)/g, '');
    const names = new Set(
      createCommandTable(commands, {}).definitions.flatMap((definition) =>
        'options' in definition ? optionNames(definition.options) : [],
      ),
    );
    expect(names.size).toBeGreaterThan(50);
    // The names of one option for each kind of machine are made from the kind.
    const isRead = (name: string) =>
      code.includes(`('${name}'`) || code.includes(`\`\${kind}${name.replace(/^\w+/, '')}\``);
    expect([...names].filter((name) => !isRead(name))).toEqual([]);
  });

  test('every field of a product that a command sets means something beyond being stored and shown', () => {
    const code = codeOutside(
      'src/storage/',
      'src/services/products/',
      'src/services/json/',
      'src/services/role-uses.ts',
      'src/domain/product.ts',
      'src/discord/options/',
      'src/discord/texts/',
      'src/cli/',
    );
    const unread = Object.keys(productFieldShape).filter((field) => !new RegExp(`\\b${field}\\b`).test(code));
    expect(unread).toEqual(withoutEffect.productFields);
  });

  test('every error that has a sentence can happen', () => {
    const sentences = readFileSync(join(root, 'src/texts/command-errors.ts'), 'utf8');
    const codes = [...sentences.matchAll(/case '([\w-]+)':/g)].map(([, code]) => code!);
    expect(codes.length).toBeGreaterThan(40);
    const code = codeOutside('src/texts/', 'src/domain/command-error.ts');
    expect(codes.filter((one) => !code.includes(`'${one}'`))).toEqual(withoutEffect.errorCodes);
  });
});
