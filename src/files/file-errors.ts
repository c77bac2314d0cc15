import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

type FileAction = 'read' | 'write';

/** A path that this process may not use, and whose it is. */
export interface FileProblem {
  readonly path: string;
  readonly action: FileAction;
  /** The code of the error, such as EACCES. */
  readonly code: string;
  /** The nearest existing folder at or above the path. */
  readonly folder: string;
  /** The name of the user that the path, or else that folder, belongs to. */
  readonly owner: string;
  /** The name of the user that this process runs as. */
  readonly user: string;
}

/** Sentences with owner, user and the command that helps; null: the code is of another kind of error. */
export function describeFileProblem({ path, action, code, folder, owner, user }: FileProblem): string | null {
  const problem = `${path} cannot be ${action === 'read' ? 'read' : 'written'}`;
  if (code === 'EROFS') {
    return `${problem} by ${user}, because its file system is read-only (it belongs to ${owner}). To mount it writable: sudo mount -o remount,rw "$(findmnt -no TARGET -T ${folder})". Under systemd, name ${folder} in ReadWritePaths.`;
  }
  if (code !== 'EACCES' && code !== 'EPERM') return null;
  if (owner === user) {
    return `${problem}: it belongs to ${owner}, as whom this program runs, but its mode forbids that. To allow it: chmod -R u+rwX ${folder}`;
  }
  const belongs = `${problem}: it belongs to ${owner}, and this program runs as ${user}.`;
  const give = `sudo chown -R ${user} ${folder}`;
  return owner === 'root'
    ? `${belongs} To give it to ${user}: ${give}`
    : `${belongs} Run this as ${owner} (sudo -u ${owner} …), or give it to ${user}: ${give}`;
}

/** The sentences for an error of the file system about this path; null: the error is of another kind. */
export function explainFileError(error: unknown, path: string, action: FileAction): string | null {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const existing = findExisting(path);
  const { uid } = statSync(existing);
  const folder = isFolder(existing) ? existing : dirname(existing);
  return describeFileProblem({ path, action, code, folder, owner: nameOfUser(uid), user: currentUser() });
}

/** The same as an error; one of another kind is returned unchanged. */
export function withExplanation(error: unknown, path: string, action: FileAction): unknown {
  const sentence = explainFileError(error, path, action);
  return sentence === null ? error : new Error(sentence, { cause: error });
}

/** Throws one sentence where this process may not use a path that exists; a folder must also be one it may enter. */
export function requireAccess(path: string, action: FileAction): void {
  const needed = action === 'read' ? constants.R_OK : constants.R_OK | constants.W_OK;
  try {
    accessSync(path, isFolder(path) ? needed | constants.X_OK : needed);
  } catch (error) {
    throw withExplanation(error, path, action);
  }
}

/**
 * Throws one sentence where the path, or one above it, is a file, or is a folder that this process may not enter. A path
 * in such a folder looks as if it did not exist.
 */
export function requireFolder(path: string): void {
  const existing = findExisting(path);
  try {
    statSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw withExplanation(error, existing, 'read');
  }
  if (isFolder(existing)) return;
  throw new Error(`${existing} is not a folder: name another folder, or move that file away (mv ${existing} …).`);
}

/** The path, or the nearest one above it that exists. */
export function findExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : findExisting(dirname(path));
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user without a name.
    return `user ${process.getuid?.() ?? '?'}`;
  }
}

function nameOfUser(uid: number): string {
  try {
    const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
    const account = accounts.map((line) => line.split(':')).find(([, , id]) => id === String(uid));
    return account?.[0] ?? `user ${uid}`;
  } catch {
    return `user ${uid}`;
  }
}
