import { mongoEngine } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { describeStorageContract } from './storage-contract.ts';

describeWithMongod('on a replica set', () => {
  describeStorageContract(mongoEngine);
});
