import type { HoldKind } from '../domain/hold.ts';

/** Why a license is suspended, as it goes on after “suspended”. */
export const holdCauses: Readonly<Record<HoldKind, string>> = {
  staff: 'by the staff',
  refund: 'because the purchase was refunded',
  dispute: 'because the payment is disputed',
  lapsed: 'because the subscription is unpaid',
  placeholder: 'until the purchase is confirmed',
  left: 'because its owner left the server or was banned',
  role: 'because its owner lost the role that it came with',
};

/** A hold in a word or two, for buttons and lists. */
export const holdNames: Readonly<Record<HoldKind, string>> = {
  staff: 'staff',
  refund: 'refund',
  dispute: 'dispute',
  lapsed: 'unpaid subscription',
  placeholder: 'unconfirmed purchase',
  left: 'owner gone',
  role: 'role lost',
};

/** What the owner of a license can do about a hold. */
export const holdRemedies: Readonly<Record<HoldKind, string>> = {
  staff: 'Ask the staff of the server about it.',
  refund: 'If you were not refunded, ask the staff of the server.',
  dispute: 'Settle the dispute where you paid, then ask the staff of the server.',
  lapsed: 'Pay the subscription. If the license stays suspended, ask the staff of the server.',
  placeholder: 'If you have paid, ask the staff of the server.',
  left: 'Join the server again, then ask its staff to resume the license.',
  role: 'Get the role back, then ask the staff of the server to resume the license.',
};

/** Several causes in one sentence: `by the staff and because the payment is disputed`. */
export function describeCauses(kinds: readonly HoldKind[]): string {
  return kinds.map((kind) => holdCauses[kind]).join(' and ');
}
