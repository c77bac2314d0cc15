import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import type { AttemptRow } from '../../services/records.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeHwid, kindWords } from './machines.ts';
import { listWords, maskedKey, relativeTime } from './phrases.ts';
import { resultWords } from './denials.ts';

/** One check in one line, for staff: which license, from where, and with which result. */
export function describeAttempt({ attempt, product }: AttemptRow): string {
  const name = product?.name ?? attempt.product;
  const license = [
    ...(name === null ? [] : [escapeText(name, 40)]),
    ...(attempt.keySuffix === null ? [] : [maskedKey(attempt.keySuffix)]),
    ...(attempt.licenseId === null ? [] : [`(#${attempt.licenseId})`]),
  ].join(' ');
  return [describeCheck(attempt), ...(license === '' ? [] : [license]), attempt.protocol].join(' · ');
}

/** The same for its owner, who knows which license it is. */
export function describeCheck(attempt: Attempt): string {
  const { at, result, hwid, version, branch, scope } = attempt;
  const verdict = result === 'granted' ? '✅ granted' : `❌ ${resultWords[result]}`;
  return [
    `${relativeTime(at)} ${verdict}${describeNews(attempt)}`,
    describeIps(attempt),
    ...(hwid === null ? [] : [describeHwid(hwid, 32)]),
    ...(version === null ? [] : [escapeText(version, 20)]),
    ...(branch === null ? [] : [`branch ${codeText(branch, 20)}`]),
    ...(scope === null ? [] : [`scope ${codeText(scope, 20)}`]),
  ].join(' · ');
}

/** Whether the check bound something new, and what had to go for it. */
function describeNews({ newBindings, replaced }: Attempt): string {
  if (newBindings.length === 0) return '';
  return replaced === null ? ' (new machine)' : ` (new machine, ${describeReplaced(replaced)})`;
}

/** `replaced IP 192.0.2.1 and HWID PC`. */
export function describeReplaced(replaced: NonNullable<Attempt['replaced']>): string {
  return `replaced ${listWords(replaced.map(({ kind, value }) => `${kindWords[kind].one} ${codeText(value, 45)}`))}`;
}

/** The address that IP limits counted, and the other one where they differ. */
export function describeIps(attempt: Pick<Attempt, 'declaredIp' | 'observedIp' | 'countedIp'>): string {
  const { declaredIp, observedIp, countedIp } = attempt;
  const counted = codeText(countedAddress(attempt), 45);
  if (declaredIp === null || declaredIp === observedIp) return counted;
  const [word, other] = countedIp === 'observed' ? ['declared as', declaredIp] : ['from', observedIp];
  return `${counted} ${word} ${codeText(other, 45)}`;
}
