import { sqliteEngine } from '../support/sqlite-engine.ts';
import { describeStorageContract } from './storage-contract.ts';

describeStorageContract(sqliteEngine);
