import { describe } from '@jest/globals';
import type { OpenStage } from '../storage-contract.ts';

export function describeChecks(_openStage: OpenStage): void {
  describe('checks', () => undefined);
}
