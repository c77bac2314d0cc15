/**
 * Runs tasks in the order in which they came, one in each turn of the event loop, so that checks run in between. They
 * keep no process alive. What a task fails to read from the database is read by the next check, which reports the error.
 */
export function createTurns(): (task: () => void) => void {
  const tasks: (() => void)[] = [];
  const plan = () => setImmediate(next).unref();

  function next(): void {
    try {
      tasks[0]?.();
    } catch {
      // See above.
    }
    tasks.shift();
    if (tasks.length > 0) plan();
  }

  return (task) => {
    tasks.push(task);
    // Otherwise the next turn is planned already.
    if (tasks.length === 1) plan();
  };
}
