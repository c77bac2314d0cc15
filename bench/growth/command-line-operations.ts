import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../test/reliability/program.ts';
import { hwidOf, keyOf, ownerOf, world } from '../store/world.ts';
import type { GrowthWorld, Operation } from './operation.ts';

/** The arguments of a call; `FILE` stands for a file that is made. */
type CommandLineCase = readonly string[];

/**
 * The commands of `latchkey` that read or change much, next to the running server. With `smallCommands`, this is every
 * command; a unit test compares it.
 */
export const commandLineCases: Readonly<Record<string, readonly CommandLineCase[]>> = {
  'license issue': [['license', 'issue', '--product', world.product.name, '--amount', '10000', '--silent', '--yes']],
  'license list': [
    ['license', 'list'],
    ['license', 'list', '--state', 'expired'],
    ['license', 'list', '--owner', ownerOf(0)],
    ['license', 'list', '--order', '#100077'],
  ],
  'license show': [['license', 'show', keyOf(55)]],
  attempts: [
    ['attempts', '--limit', '100000'],
    ['attempts', '--result', 'points-spent'],
    ['attempts', '--license', '56'],
    ['attempts', '--since', '30d', '--result', 'denied', '--limit', '10000'],
  ],
  audit: [
    ['audit', '--limit', '100000'],
    ['audit', '--license', '56'],
    ['audit', '--action', 'license.purged'],
  ],
  'blacklist add': [['blacklist', 'add', 'hwid', hwidOf(57), '--yes']],
  'blacklist list': [['blacklist', 'list']],
  'blacklist check': [['blacklist', 'check', '203.0.0.1']],
  'customer list': [
    ['customer', 'list', '--limit', '100000'],
    ['customer', 'list', '--search', 'nobody is called so'],
  ],
  'customer show': [['customer', 'show', ownerOf(0)]],
  'customer merge': [['customer', 'merge', ownerOf(1_200), ownerOf(1_600), '--yes']],
  'user uuid': [['user', 'uuid', ownerOf(0), '01234567-89ab-4cde-8f01-23456789abcd']],
  'product list': [['product', 'list']],
  'product edit': [['product', 'edit', world.product.name, '--version-policy', 'any']],
  roles: [['roles', '--yes']],
  backup: [['backup', 'FILE']],
  doctor: [['doctor']],
};

/** Commands that touch one guild, product, license, entry or key, as others above and in Discord do, or no store at all. */
export const smallCommands: readonly string[] = [
  ...['quickstart', 'guild add', 'guild show', 'guild list', 'settings get', 'settings set', 'product add'],
  ...[
    'product release add',
    'product release list',
    'product release latest',
    'product release archive',
    'license edit',
    'license suspend',
  ],
  ...['license resume', 'license switch', 'license extend', 'license reset', 'license delete', 'license restore'],
  ...['license reassign', 'license rekey', 'license share', 'license unshare', 'blacklist remove', 'apikey create'],
  ...['apikey list', 'apikey revoke', 'integrate', 'discord register', 'customer add', 'customer edit'],
  // Run with the server stopped.
  ...['restore', 'copy-store'],
  // What they do is measured in Discord, whose commands call the same services.
  ...['product delete', 'product restore'],
  // Removes everything that the other operations need.
  'guild delete',
];

export const commandLineOperations: readonly Operation[] = Object.values(commandLineCases).flatMap((cases) =>
  cases.map((args) => ({
    name: `latchkey ${args.join(' ')}`,
    isEmbedded: args[0] === 'backup',
    run: (growth: GrowthWorld) => run(growth, args),
  })),
);

/** Runs the command in a process of its own, whose output is not kept: it may be hundreds of megabytes. */
function run({ server, dir }: GrowthWorld, args: CommandLineCase): Promise<string | null> {
  const given = args.map((arg) => (arg === 'FILE' ? join(dir, 'by-hand.sqlite') : arg));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['index.js', ...given, '--guild', world.guildId, '--json'], {
      cwd: root,
      env: server.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    child.once('exit', (code) => {
      resolve(code === 0 ? null : `exit code ${String(code)} ${errors.trim()}`);
    });
  });
}
