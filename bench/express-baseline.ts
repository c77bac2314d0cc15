/** The baseline for checks: Express answers a small JSON body with a small JSON body, and does nothing else. */
import express from 'express';

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.post('/api/license/auth', (_request, response) => {
  response.json({ status: 'ok' });
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});

// The parent process closes the channel when it ends.
process.once('disconnect', () => process.exit(0));
