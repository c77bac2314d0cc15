import { releaseJson } from '../services/json/release-json.ts';
import { describeWarning } from '../texts/warnings.ts';
import { commandLine } from '../domain/actor.ts';
import { type Release, releaseStatuses, type ReleaseStatus } from '../domain/product.ts';
import type { StoreCall, CliCommand, CliOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { moment } from './framework/format.ts';

const branchOption: CliOption = { flags: '--branch <name>', description: 'the branch; default: the default branch' };

function toOutput(release: Release) {
  const branch = release.branch === null ? '' : ` on branch ${release.branch}`;
  const latest = release.latest ? ' and the latest' : '';
  return {
    json: { release: releaseJson(release) },
    text: `Version ${release.version}${branch} is ${release.status}${latest}.`,
  };
}

async function readInput(call: StoreCall) {
  const guildId = (await call.findGuild()).id;
  const { id } = unwrap(await call.services.products.find(guildId, call.argument(0)));
  const branch = call.text('branch') ?? null;
  return { guildId, actor: commandLine, productId: id, version: call.argument(1), branch };
}

export const releaseCommands: readonly CliCommand[] = [
  {
    usage: 'product release add <product> <version>',
    description: 'add a version; the current version of the product does not change',
    options: [
      branchOption,
      { flags: '--status <s>', description: 'the status; default: published', choices: releaseStatuses },
      { flags: '--latest', description: 'send updaters of the branch to it, as a published version does by default' },
      { flags: '--no-latest', description: 'leave updaters with the version that they have' },
    ],
    run: async (call) => {
      const status = (call.text('status') ?? 'published') as ReleaseStatus;
      const { release, warnings } = unwrap(
        await call.services.products.addRelease({ ...(await readInput(call)), status, latest: call.flag('latest') }),
      );
      warnings.map(describeWarning).forEach(call.warn);
      return toOutput(release);
    },
  },
  {
    usage: 'product release list <product>',
    description: 'list the versions of a product',
    run: async (call) => {
      const product = unwrap(await call.services.products.find((await call.findGuild()).id, call.argument(0)));
      const items = product.releases.map((release) => ({
        json: releaseJson(release),
        cells: [
          release.version,
          release.branch ?? '-',
          release.status,
          release.latest ? 'yes' : '-',
          moment(release.createdAt),
        ],
      }));
      const columns = ['VERSION', 'BRANCH', 'STATUS', 'LATEST', 'ADDED'];
      return { name: 'releases', heading: null, columns, pages: [items], emptyText: 'There are no releases yet.' };
    },
  },
  {
    usage: 'product release latest <product> <version>',
    description: 'send updaters of the branch to this version, instead of another one',
    options: [branchOption],
    run: async (call) => toOutput(unwrap(await call.services.products.markLatest(await readInput(call))).release),
  },
  {
    usage: 'product release archive <product> <version>',
    description: 'take a version out of use',
    options: [branchOption],
    run: async (call) => {
      const { release, heir } = unwrap(await call.services.products.archiveRelease(await readInput(call)));
      const { json, text } = toOutput(release);
      return { json, text: heir === null ? text : `${text} Version ${heir.version} is the latest now.` };
    },
  },
];
