/** The process that sends load, so that the server has a core of its own. It is given one plan after the other. */
import type { LoadMessage, LoadOrder } from '../load/plan.ts';
import { sendLoad } from '../load/send-load.ts';

const report = (message: LoadMessage) => process.send?.(message);
let stopping = new AbortController();

process.on('message', (order: LoadOrder) => {
  if (order === 'stop') {
    stopping.abort();
    return;
  }
  stopping = new AbortController();
  sendLoad(order, () => report({ type: 'begun' }), stopping.signal).then(
    (result) => report({ type: 'done', result }),
    (error: unknown) => report({ type: 'failed', reason: (error as Error).message }),
  );
});

// The parent process closes the channel when it ends.
process.once('disconnect', () => process.exit(0));
