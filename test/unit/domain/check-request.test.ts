import { describe, expect, test } from '@jest/globals';
import { withStoredForms } from '../../../src/domain/check-request.ts';
import { request } from './check-fixture.ts';

describe('a request in stored forms', () => {
  test('has key and names as they are stored, and everything else as it was sent', () => {
    const sent = {
      ...request,
      key: '\u200bAB\u00adC-e\u0301 ',
      product: 'My\u00a0 Plugin',
      version: '1.\u20600',
      branch: 'be\u200cta',
      hwid: 'PC\u200b-1',
    };
    expect(withStoredForms(sent)).toEqual({
      ...sent,
      key: 'ABC-\u00e9',
      product: 'My Plugin',
      version: '1.0',
      branch: 'beta',
    });
  });

  test('names nothing where there is nothing to see', () => {
    const invisible = { key: '\u200b', product: '\u2060', version: '\u00ad', branch: '\ufeff' };
    const nothing = { key: null, product: null, version: null, branch: null };
    expect(withStoredForms({ ...request, ...invisible })).toMatchObject(nothing);
    expect(withStoredForms({ ...request, ...nothing })).toMatchObject(nothing);
  });

  test('is not copied where it has them already', () => {
    expect(withStoredForms(request)).toBe(request);
  });
});
