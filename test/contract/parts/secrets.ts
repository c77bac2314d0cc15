import { describe } from '@jest/globals';
import type { OpenStage } from '../storage-contract.ts';

export function describeSecrets(_openStage: OpenStage): void {
  describe('secrets', () => undefined);
}
