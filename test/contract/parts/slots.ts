import { describe } from '@jest/globals';
import type { OpenStage } from '../storage-contract.ts';

export function describeSlots(_openStage: OpenStage): void {
  describe('slots', () => undefined);
}
