import { expect, test } from '@jest/globals';
import { readAnswerHead } from '../../../bench/load/http-answer.ts';
import { numberText, prepareRequest } from '../../../bench/load/request-template.ts';
import { grantedChecks } from '../../../bench/load/requests.ts';
import { hwidOf, keyOf } from '../../../bench/store/world.ts';

test('license numbers have five characters of the key alphabet, all different', () => {
  expect([0, 1, 31, 32, 1_000_000].map(numberText)).toEqual(['AAAAA', 'AAAAB', 'AAAA9', 'AAABA', 'A8SUA']);
});

test('a request asks for the license that is filled in, every time for another one', () => {
  const request = prepareRequest(grantedChecks.tki);
  for (const license of [7, 999_999]) {
    request.fill(license, 1);
    const [head = '', body = ''] = request.bytes.toString().split('\r\n\r\n');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ data: { licensekey: keyOf(license), hwid: hwidOf(license) } });
  }
});

test('an answer is whole once its head and as many bytes as it announces have arrived', () => {
  const answer = Buffer.from('HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\ncontent-length: 5\r\n\r\nhello');
  expect(readAnswerHead(answer)).toEqual({ status: 403, bodyStart: answer.length - 5, end: answer.length });
  expect(readAnswerHead(answer.subarray(0, 40))).toBeNull();
  expect(() => readAnswerHead(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow('no Content-Length');
});
