import { describe, expect, test } from '@jest/globals';
import { goalsOf, isReached } from '../../../bench/report/goals.ts';
import { mergeParts } from '../../../bench/report/merge-parts.ts';
import { describeResults } from '../../../bench/report/performance-page.ts';
import { drawPlot } from '../../../bench/report/plot.ts';
import { ratiosOf } from '../../../bench/report/ratios.ts';
import { anOperation, aPart, aSet, sample } from './results-fixture.ts';

const goal = (results: Parameters<typeof goalsOf>[0], words: string) =>
  goalsOf(results).find(({ measure }) => measure.includes(words));

describe('the ratios of a set', () => {
  test('compare loads of one round, not medians of all rounds', () => {
    const ratios = ratiosOf(aSet(), 'TKI Auth', 'empty Express handler');
    // 1.25, 1.2 and 1.3 of the throughput; 1.25, 1 and 2 requests for the same time.
    expect(ratios?.throughput).toEqual({ median: 1.25, lower: 1.225, upper: 1.275 });
    expect(ratios?.cpu).toEqual({ median: 1.25, lower: 1.125, upper: 1.625 });
  });

  test('are unknown where one of the two was not measured, or its CPU was not', () => {
    expect(ratiosOf(aSet(), 'Lukittu', 'TKI Auth')).toBeNull();
    const contenders = aSet().contenders.map(({ name }) => ({ name, samples: [sample(100, null)] }));
    expect(ratiosOf(aSet({ contenders }), 'TKI Auth', 'empty Express handler')?.cpu).toBeNull();
  });
});

describe('the goals', () => {
  const results = { parts: [aPart({ sets: [aSet(), aSet({ connections: 128 })] })] };

  test('are judged by the median of the set that they name', () => {
    const [at32, at128] = [goal(results, 'throughput against an empty'), goal(results, 'at 128 connections')];
    expect([at32?.measured, at32 && isReached(at32)]).toEqual([1.25, true]);
    expect([at128?.measured, at128 && isReached(at128)]).toEqual([1.25, false]);
  });

  test('that were not measured are neither reached nor missed', () => {
    const memory = goal(results, 'Peak memory');
    expect([memory?.measured, memory && isReached(memory)]).toEqual([null, null]);
  });

  test('of the growth table count its worst operation', () => {
    const operations = [anOperation(), anOperation({ name: 'job purge', holdMs: 31, checkP99Ms: null })];
    const hold = goal({ parts: [aPart({ name: 'growth', operations })] }, 'Longest hold');
    expect([hold?.measured, hold && isReached(hold)]).toEqual([31, false]);
  });

  test('of the growth table count both stores, and not an operation whose hold is unknown', () => {
    const failed = anOperation({ holdMs: null, holdCpuMs: null });
    const parts = [
      aPart({ name: 'growth', operations: [anOperation({ holdMs: 9 }), failed] }),
      aPart({ name: 'growth-mongodb', operations: [anOperation({ holdMs: 12 })] }),
    ];
    expect(goal({ parts }, 'Longest hold')?.measured).toBe(12);
  });

  test('are compared with the least of the other protocols', () => {
    const contenders = [
      { name: 'TKI Auth', samples: [sample(1_000, 100)] },
      { name: 'FaxStore', samples: [sample(950, 90)] },
      { name: 'Lukittu', samples: [sample(800, 120)] },
    ];
    const parts = [aPart({ sets: [aSet({ name: 'protocols', contenders })] })];
    expect(goal({ parts }, 'slowest other protocol')?.measured).toBe(0.8);
  });
});

describe('the page', () => {
  const operations = [anOperation(), anOperation({ name: 'job purge', holdMs: 31 })];
  const growth = aPart({ name: 'growth', operations });
  const results = {
    parts: [aPart({ sets: [aSet()], figures: [{ name: 'start-many', values: [9, 11, 10] }] }), growth],
  };
  const page = describeResults(results);

  test('has every goal, with what was measured and whether that is enough', () => {
    for (const { measure } of goalsOf(results)) expect(page).toContain(`| ${measure} |`);
    expect(page).toContain('| at least 1.2 | 1.25; CPU 1.25 | yes |');
    expect(page).toContain('| at most 200 MB | not measured |  |');
  });

  test('has a row for each contender, with quartiles next to the medians', () => {
    expect(page).toContain('### Valid checks of TKI Auth, 32 connections');
    expect(page).toContain('| empty Express handler | 1,000 | 1 | 100 | 1 |');
    expect(page).toContain('| TKI Auth | 1,300 | 1.25 (1.23–1.27) | 50.0 | 1.25 (1.13–1.63) | 1.00 | 2.00 | 3.00 |');
  });

  test('has the operations, those that hold the event loop longest first', () => {
    expect(page.indexOf('| job purge |')).toBeGreaterThan(0);
    expect(page.indexOf('| job purge |')).toBeLessThan(page.indexOf('| /license list |'));
  });

  test('says of an operation that failed why', () => {
    const failed = anOperation({ name: '/product delete', holdMs: null, holdCpuMs: null, problem: 'It |\n ended.' });
    const parts = [aPart({ name: 'growth', operations: [failed] })];
    expect(describeResults({ parts })).toContain('| /product delete (failed: It \\| ended.) | 40 |  |  | 4.00 | 120 |');
  });

  test('says when, where and how each part was measured', () => {
    expect(page).toContain('2030-06-15, commit 0123456789: A processor, 2 cores, Node 24.0.0; 3 rounds of 2 s');
    expect(page).toContain('| The same with many licenses | 10.0 (9.50–10.5) |');
  });
});

test('the plot has a bar for throughput and one for CPU, as long as their ratios', () => {
  const plot = drawPlot({ parts: [aPart({ sets: [aSet()] })] });
  const widths = [...plot.matchAll(/height="11" fill="#\w+"\/>/g)];
  expect(plot).toContain('>TKI Auth, 32 connections</text>');
  // Two of the legend, and two of the only contender that is not the baseline.
  expect(widths).toHaveLength(4);
  const [throughput, cpu] = [...plot.matchAll(/<rect x="280" y="\d+" width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect(throughput).toBe(cpu);
  // 1.25 of an axis that is 430 wide and ends at 1.5.
  expect(throughput).toBeCloseTo((1.25 / 1.5) * 430, 0);
});

test('a run replaces what it measured again, and leaves the rest of its part and the other parts', () => {
  const operations = [anOperation()];
  const former = [aPart({ sets: [aSet(), aSet({ connections: 128 })] }), aPart({ name: 'growth', operations })];
  const again = aSet({ connections: 128, contenders: [] });
  const merged = mergeParts(
    { parts: former },
    aPart({ commit: 'newer', sets: [again, aSet({ name: 'tls', tls: true })] }),
  );
  expect(merged.parts.map(({ name, commit }) => [name, commit])).toEqual([
    ['sqlite', 'newer'],
    ['growth', '0123456789abcdef'],
  ]);
  expect(merged.parts[0]?.sets).toEqual([aSet(), again, aSet({ name: 'tls', tls: true })]);
  expect(merged.parts[1]?.operations).toEqual(operations);
});
