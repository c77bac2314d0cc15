import { expect, test } from '@jest/globals';
import { commandCases, completedTexts } from '../../../bench/growth/command-cases.ts';
import {
  commandLineCases,
  commandLineOperations,
  smallCommands,
} from '../../../bench/growth/command-line-operations.ts';
import { completedOptions } from '../../../bench/growth/command-options.ts';
import { jobNames, jobOperations } from '../../../bench/growth/job-operations.ts';
import { panelCases } from '../../../bench/growth/panel-operations.ts';
import { commands } from '../../../src/cli/command-list.ts';
import { createTurns } from '../../../src/http/turns.ts';
import { createLicenseGateAdmin } from '../../../src/http/protocols/licensegate-admin/index.ts';
import { createJobs, type JobsOptions } from '../../../src/jobs/create-jobs.ts';

const now = () => new Date(0);

test('the growth table has every slash command', () => {
  expect(Object.keys(commandCases).sort()).toEqual([...completedOptions().keys()].sort());
});

test('the growth table has texts for every option that completes', () => {
  const completed = new Set([...completedOptions().values()].flat());
  expect(Object.keys(completedTexts).sort()).toEqual([...completed].sort());
});

test('the growth table has every job, in the order in which they are scheduled', () => {
  // Jobs are only made here, so they get services that nothing calls.
  const unused = { services: {}, storage: {} } as unknown as Pick<JobsOptions, 'services' | 'storage'>;
  const embedded = { backupDir: '', readDisk: () => Promise.reject(new Error('nothing is read here')) };
  expect(createJobs({ ...unused, now, embedded }).map(({ name }) => name)).toEqual([...jobNames]);
});

test('the growth table leaves out what MongoDB does not have', () => {
  const embedded = [...commandLineOperations, ...jobOperations].filter(({ isEmbedded }) => isEmbedded === true);
  expect(embedded.map(({ name }) => name)).toEqual(['latchkey backup FILE', 'job backup', 'job disk-space']);
  const unused = { services: {}, storage: {} } as unknown as Pick<JobsOptions, 'services' | 'storage'>;
  const jobs = createJobs({ ...unused, now, embedded: null }).map(({ name }) => `job ${name}`);
  expect(jobOperations.filter(({ isEmbedded }) => isEmbedded !== true).map(({ name }) => name)).toEqual(jobs);
});

test('the growth table has every management call', () => {
  const unused = {} as unknown as Parameters<typeof createLicenseGateAdmin>[0];
  const routes = createLicenseGateAdmin(unused, now, createTurns());
  const calls = routes.flatMap(({ path, actions }) => Object.keys(actions).map((method) => `${method} ${path}`));
  expect(Object.keys(panelCases).sort()).toEqual(calls.sort());
});

test('every command of the command line is in the growth table, or among those that touch little', () => {
  const wordsOf = (usage: string) => usage.replace(/ [<[].*/, '');
  const known = [...Object.keys(commandLineCases), ...smallCommands];
  expect(known.toSorted()).toEqual(commands.map(({ usage }) => wordsOf(usage)).toSorted());
});
