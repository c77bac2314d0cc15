import type { Config } from '../../../config/schema.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';

export interface Opened {
  readonly services: Services;
  readonly storage: Storage;
  close(): Promise<void>;
}

/** A store by where it is. */
export type StorePlace =
  { readonly engine: 'sqlite'; readonly dir: string } | { readonly engine: 'mongodb'; readonly uri: string };

/** What is being done to the records of a kind. */
export interface CopyStep {
  readonly doing: 'copying' | 'comparing';
  readonly kind: string;
  readonly done: number;
  readonly total: number;
}

interface CopyListener {
  readonly onStep: (step: CopyStep) => void;
  readonly onWarning: (sentence: string) => void;
}

export interface CopiedStores {
  /** For people, without a password. */
  readonly from: string;
  readonly to: string;
  /** By kind. */
  readonly copied: Readonly<Record<string, { readonly count: number; readonly sum: string }>>;
}

/** What the command line needs of the world. */
export interface CliContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly stdin: NodeJS.ReadableStream;
  readonly config: Config;
  readonly version: string;
  readonly now: () => Date;
  readonly platform: NodeJS.Platform;
  /** Opens the store beside whatever else uses it. Rejects with a sentence where it must not be opened. */
  open(): Promise<Opened>;
  /** Whether a server runs on this store now. */
  isServerRunning(): Promise<boolean>;
  /** Puts a backup in the place of the store, and tells where that is now. Rejects with a sentence where it must not. */
  restore(file: string): Promise<{ readonly previous: string | null }>;
  /** Copies everything from one store to the other and compares them. Rejects with a sentence where it must not. */
  copyStore(from: StorePlace, to: StorePlace, listener: CopyListener): Promise<CopiedStores>;
}
