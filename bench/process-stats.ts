import { readFileSync } from 'node:fs';

/**
 * The milliseconds for which the main thread of a process has run, to the nanosecond; null: this system does not report
 * them. Other threads (garbage collection, checkpoints, signatures) do not count: they have other cores.
 */
export function readMainThreadMs(pid: number): number | null {
  const text = readOrNull(`/proc/${pid}/task/${pid}/schedstat`);
  return text === null ? null : Number(text.split(' ')[0]) / 1e6;
}

/** The most memory that a process has had resident, in MB; null: this system does not report it. */
export function readPeakMemoryMb(pid: number): number | null {
  return readMemoryMb(pid, 'VmHWM');
}

/** The memory that a process has resident now, in MB; null: this system does not report it. */
export function readResidentMb(pid: number): number | null {
  return readMemoryMb(pid, 'VmRSS');
}

function readMemoryMb(pid: number, field: string): number | null {
  const text = readOrNull(`/proc/${pid}/status`);
  const kb = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text ?? '')?.[1];
  return kb === undefined ? null : Number(kb) / 1024;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
