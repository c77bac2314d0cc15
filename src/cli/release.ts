import { commandLine } from '../domain/actor.ts';
import { type Release, releaseStatuses, type ReleaseStatus } from '../domain/product.ts';
import type { Call, CliCommand, CliOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { instantJson, moment } from './framework/format.ts';

const branchOption: CliOption = { flags: '--branch <name>', describes: 'left out: the default branch' };

function releaseJson({ version, branch, status, createdAt }: Release): object {
  return { version, branch, status, createdAt: instantJson(createdAt) };
}

function answerOf(release: Release) {
  const where = release.branch === null ? '' : ` on branch ${release.branch}`;
  return { json: { release: releaseJson(release) }, text: `Version ${release.version}${where} is ${release.status}.` };
}

async function inputOf(call: Call) {
  const guildId = (await call.guild()).id;
  const { id } = unwrap(await call.services.products.find(guildId, call.argument(0)));
  const branch = call.text('branch') ?? null;
  return { guildId, actor: commandLine, productId: id, version: call.argument(1), branch };
}

export const releaseCommands: readonly CliCommand[] = [
  {
    usage: 'product release add <product> <version>',
    describes: 'add a version; the current version stays',
    options: [branchOption, { flags: '--status <s>', describes: 'default: published', choices: releaseStatuses }],
    run: async (call) => {
      const status = (call.text('status') ?? 'published') as ReleaseStatus;
      const { release, warnings } = unwrap(
        await call.services.products.addRelease({ ...(await inputOf(call)), status }),
      );
      warnings.forEach(call.say);
      return answerOf(release);
    },
  },
  {
    usage: 'product release list <product>',
    describes: 'its versions',
    run: async (call) => {
      const product = unwrap(await call.services.products.find((await call.guild()).id, call.argument(0)));
      const items = product.releases.map((release) => ({
        json: releaseJson(release),
        cells: [release.version, release.branch ?? '-', release.status, moment(release.createdAt)],
      }));
      const columns = ['VERSION', 'BRANCH', 'STATUS', 'ADDED'];
      return { name: 'releases', heading: null, columns, pages: [items], none: 'There are no releases yet.' };
    },
  },
  {
    usage: 'product release archive <product> <version>',
    describes: 'take a version out of use',
    options: [branchOption],
    run: async (call) => answerOf(unwrap(await call.services.products.archiveRelease(await inputOf(call))).release),
  },
];
