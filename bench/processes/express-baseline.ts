/**
 * The baseline of all checks: Express answers a small JSON body with a small JSON body, and does nothing else. With
 * arguments, the files of a certificate and its key, it serves HTTPS.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import express from 'express';
import { serveBaseline } from './serve-baseline.ts';

const [cert, key] = process.argv.slice(2);
const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/api/license/auth', (_request, response) => {
  response.json({ status: 'ok' });
});
serveBaseline(
  cert && key ? createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, app) : createServer(app),
);
