import type { CliCommand, ClosedCall } from './framework/command.ts';
import { type Check, type Finding, fine, type DoctorContext, runCheck } from './doctor/check.ts';
import { dataChecks } from './doctor/data-checks.ts';
import { guildChecks } from './doctor/guild-checks.ts';
import { networkChecks } from './doctor/network-checks.ts';
import { replicaSetChecks } from './doctor/replica-set-checks.ts';

const runtimeCheck: Check = {
  name: 'program',
  run: () => fine(`Node ${process.versions.node} on ${process.platform} ${process.arch}.`),
};
const checks: readonly Check[] = [runtimeCheck, ...dataChecks, ...replicaSetChecks, ...networkChecks, ...guildChecks];

export const doctorCommand: CliCommand = {
  usage: 'doctor',
  describes: 'look at everything that can be wrong, and say what to fix',
  notes: 'Ends with 1 where something does not work as it should; advice alone ends with 0.',
  runClosed: async (call) => {
    const findings = await examine(call);
    return {
      json: { checks: findings.map(({ name, ok, detail, fix }) => ({ name, ok, detail, fix })) },
      text: describeFindings(findings),
      exitCode: findings.every(({ ok }) => ok) ? 0 : 1,
    };
  },
};

async function examine({ context }: ClosedCall): Promise<readonly Finding[]> {
  const { config, platform, now } = context;
  const isServerRunning = await context.isServerRunning();
  const { opened, openingFailed } = await context.open().then(
    (store) => ({ opened: store, openingFailed: null }),
    (error: unknown) => ({ opened: null, openingFailed: error instanceof Error ? error.message : String(error) }),
  );
  const patient: DoctorContext = { config, platform, now: now(), isServerRunning, opened, openingFailed };
  try {
    return (await Promise.all(checks.map((check) => runCheck(check, patient)))).flat();
  } finally {
    await opened?.close();
  }
}

function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .flatMap(({ name, ok, detail, fix }) => {
      const line = `${ok ? 'ok  ' : 'BAD '}  ${name.padEnd(width)}  ${detail}`;
      return fix === null ? [line] : [line, `${' '.repeat(width + 8)}→ ${fix}`];
    })
    .join('\n');
}
