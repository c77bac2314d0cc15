/** The second process of `stale.ts`. It opens the same store, makes one change per message, and reports when it is confirmed. */
import { join } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { openStore } from '../../src/app.ts';
import { commandLine } from '../../src/domain/actor.ts';
import type { Change } from './stale.ts';

const result = loadConfig(join(import.meta.dirname, '..', '..'));
if (!result.ok) throw new Error('the configuration has errors');
const { services } = await openStore(result.config, { server: false, publicUrl: () => 'http://127.0.0.1' });

async function make(change: Change): Promise<boolean> {
  const by = { guildId: change.guildId, actor: commandLine };
  switch (change.type) {
    case 'suspend':
      return (await services.licenses.suspend({ ...by, licenseId: change.licenseId })).ok;
    case 'resume':
      return (await services.licenses.resume({ ...by, licenseId: change.licenseId })).ok;
    case 'limit':
      return (
        await services.licenses.edit({
          ...by,
          mayManage: true,
          licenseId: change.licenseId,
          limits: { hwid: change.limit },
        })
      ).ok;
    case 'setting':
      return (await services.settings.set({ ...by, key: change.key, value: change.value })).ok;
    case 'blacklist':
      return (await services.blacklist.add({ ...by, type: 'hwid', value: change.hwid, confirmed: change.hwid })).ok;
    case 'unblacklist': {
      const entry = await services.blacklist.find(change.guildId, 'hwid', change.hwid);
      return entry.ok && (await services.blacklist.remove({ ...by, id: entry.value.id })).ok;
    }
  }
}

process.on('message', (change: Change) => {
  make(change).then(
    (ok) => process.send?.({ ok }),
    (error: unknown) => process.send?.({ ok: false, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ok: true });
