/**
 * The baseline for checks on MongoDB: Express and the driver alone. Arguments: the URI, `find` or `find-and-insert`, and
 * the number of documents.
 */
import { createServer } from 'node:http';
import express from 'express';
import mongoose from 'mongoose';
import { serveBaseline } from './serve-baseline.ts';

const [uri = '', work, count] = process.argv.slice(2);
const documents = Number(count);
const client = await mongoose.mongo.MongoClient.connect(uri, { w: 'majority', minPoolSize: 8, maxPoolSize: 64 });
const licenses = client
  .db()
  .collection<{ _id: string; guildId: string; productId: number; slots: object[] }>('licenses');
const attempts = client.db().collection('attempts');

const idOf = (n: number) => `license-of-the-baseline-number-${String(n).padStart(12, '0')}`;
if ((await licenses.estimatedDocumentCount()) === 0) {
  const slot = { kind: 'hwid', value: 'bench-machine-0001', firstSeenAt: new Date(), lastSeenAt: new Date() };
  const all = Array.from({ length: documents }, (_, n) => ({
    ...{ _id: idOf(n), guildId: '100000000000000001', productId: 1, owner: null, limits: { ip: 5, hwid: 5 } },
    slots: [slot],
  }));
  await licenses.insertMany(all);
}

let requests = 0;
const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/api/license/auth', async (request, response) => {
  requests += 1;
  const license = await licenses.findOne({ _id: idOf(requests % documents) });
  if (work === 'find-and-insert') {
    const { data } = request.body as { data: object };
    await attempts.insertOne({ at: new Date(), licenseId: license?._id, result: 'granted', ...data });
  }
  response.json({ status: license ? 'ok' : 'unknown' });
});
serveBaseline(createServer(app));
