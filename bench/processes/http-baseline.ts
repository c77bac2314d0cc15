/** The least that any server on Node costs: `node:http` reads the body and answers a small JSON body. */
import { createServer } from 'node:http';
import { serveBaseline } from './serve-baseline.ts';

const body = JSON.stringify({ status: 'ok' });

serveBaseline(
  createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length });
      response.end(body);
    });
  }),
);
