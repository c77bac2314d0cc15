import type { Attempt } from '../../domain/attempt.ts';
import type { AttemptRow } from '../../services/records.ts';
import { codeText, escapeText } from './escape-text.ts';
import { maskedKey, relativeTime } from './phrases.ts';
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
  const { at, result, hwid, version, newBindings } = attempt;
  const verdict = result === 'granted' ? '✅ granted' : `❌ ${resultWords[result]}`;
  return [
    `${relativeTime(at)} ${verdict}${newBindings.length > 0 ? ' (new machine)' : ''}`,
    describeIps(attempt),
    ...(hwid === null ? [] : [codeText(hwid, 32)]),
    ...(version === null ? [] : [escapeText(version, 20)]),
  ].join(' · ');
}

/** The IP that the client declared, and the observed one where it differs. */
export function describeIps({ declaredIp, observedIp }: Pick<Attempt, 'declaredIp' | 'observedIp'>): string {
  const declared = codeText(declaredIp ?? observedIp, 45);
  return declaredIp === null || declaredIp === observedIp ? declared : `${declared} from ${codeText(observedIp, 45)}`;
}
