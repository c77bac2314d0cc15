import { expect, test } from '@jest/globals';
import { createAlerts } from '../../../src/http/alerts.ts';
import { createTestClock } from '../../support/test-clock.ts';

const hourMs = 3_600_000;

function setUp() {
  const clock = createTestClock();
  const raised: string[] = [];
  const alerts = createAlerts({ now: clock.now, onAlert: ({ kind, subject }) => raised.push(`${kind} ${subject}`) });
  return { clock, raised, alerts };
}

test('an undeclared proxy is an alert once an hour, each address for itself', () => {
  const { clock, raised, alerts } = setUp();
  alerts.undeclaredProxy('172.18.0.2');
  clock.advance(hourMs - 1);
  alerts.undeclaredProxy('172.18.0.2');
  alerts.undeclaredProxy('172.18.0.3');
  clock.advance(1);
  alerts.undeclaredProxy('172.18.0.2');
  expect(raised.map((line) => line.at(-1))).toEqual(['2', '3', '2']);
});

test('an alert of a clock that was ahead keeps no other back', () => {
  const { clock, raised, alerts } = setUp();
  clock.advance(200 * 24 * hourMs);
  alerts.guardBlock('203.0.113.5');
  clock.advance(-200 * 24 * hourMs);
  alerts.guardBlock('203.0.113.5');
  expect(raised).toEqual(['guard-block 203.0.113.5', 'guard-block 203.0.113.5']);
});
