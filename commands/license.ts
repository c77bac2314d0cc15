import type { CommandGroup } from '../src/discord/framework/command.ts';
import { licenseDelete } from './license-delete.ts';
import { licenseEdit } from './license-edit.ts';
import { licenseExtend } from './license-extend.ts';
import { licenseInfo } from './license-info.ts';
import { licenseIssue } from './license-issue.ts';
import { licenseList } from './license-list.ts';
import { licenseLogs } from './license-logs.ts';
import { licenseReassign } from './license-reassign.ts';
import { licenseRekey } from './license-rekey.ts';
import { licenseResend } from './license-resend.ts';
import { licenseReset } from './license-reset.ts';
import { licenseRestore } from './license-restore.ts';
import { licenseResume } from './license-resume.ts';
import { licenseSearch } from './license-search.ts';
import { licenseShare } from './license-share.ts';
import { licenseSuspend } from './license-suspend.ts';
import { licenseUnshare } from './license-unshare.ts';

export const license: CommandGroup = {
  name: 'license',
  description: 'Issue, find and change licenses',
  subcommands: [
    licenseIssue,
    licenseInfo,
    licenseList,
    licenseSearch,
    licenseEdit,
    licenseExtend,
    licenseSuspend,
    licenseResume,
    licenseReassign,
    licenseShare,
    licenseUnshare,
    licenseRekey,
    licenseResend,
    licenseReset,
    licenseDelete,
    licenseRestore,
    licenseLogs,
  ],
};
