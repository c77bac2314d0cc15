import { describe } from '@jest/globals';
import type { OpenStage } from '../storage-contract.ts';

export function describeBundles(_openStage: OpenStage): void {
  describe('bundles', () => undefined);
}
