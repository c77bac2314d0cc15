import type { CliCommand, CliCall } from './framework/command.ts';
import { type Check, type Finding, passed, type DoctorContext, runCheck } from './doctor/check.ts';
import { dataChecks } from './doctor/data-checks.ts';
import { fileSystemCheck } from './doctor/file-system.ts';
import { guildChecks } from './doctor/guild-checks.ts';
import { networkChecks } from './doctor/network-checks.ts';
import { replicaSetChecks } from './doctor/replica-set-checks.ts';

const runtimeCheck: Check = {
  name: 'program',
  run: () => passed(`Node ${process.versions.node} on ${process.platform} ${process.arch}.`),
};
const checks: readonly Check[] = [
  runtimeCheck,
  ...dataChecks,
  fileSystemCheck,
  ...replicaSetChecks,
  ...networkChecks,
  ...guildChecks,
];

export const doctorCommand: CliCommand = {
  usage: 'doctor',
  description: 'check this installation for problems, and say how to fix them',
  notes: 'The exit code is 1 if something does not work as it should; advice alone leaves it 0.',
  runWithoutStore: async (call) => {
    const findings = await runChecks(call);
    return {
      json: { checks: findings.map(({ name, ok, detail, fix }) => ({ name, ok, detail, fix })) },
      text: describeFindings(findings),
      exitCode: findings.every(({ ok }) => ok) ? 0 : 1,
    };
  },
};

async function runChecks({ context }: CliCall): Promise<readonly Finding[]> {
  const { config, platform, now } = context;
  // A store that this user may not open is a finding of the checks below.
  const isServerRunning = await context.isServerRunning().catch(() => false);
  // A replica set is examined before the first server runs on it, too, and that needs an open store.
  const newStore = config.mongodbUri === null ? 'never' : 'where-none-was';
  const { opened, openError } = await context.open(newStore).then(
    (store) => ({ opened: store, openError: null }),
    (error: unknown) => ({ opened: null, openError: error instanceof Error ? error.message : String(error) }),
  );
  const doctorContext: DoctorContext = {
    config,
    platform,
    now: now(),
    isServerRunning,
    inspectCommands: (input) => context.inspectCommands(input),
    opened,
    openError,
  };
  try {
    return (await Promise.all(checks.map((check) => runCheck(check, doctorContext)))).flat();
  } finally {
    await opened?.close();
  }
}

function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, ok, detail, fix }) => {
      const verdict = ok ? (fix === null ? 'ok' : 'advice') : 'PROBLEM';
      const line = `${verdict.padEnd(7)}  ${name.padEnd(width)}  ${detail}`;
      return fix === null ? [line] : [line, `${' '.repeat(width + 11)}→ ${fix}`];
    })
    .join('\n');
}
