/**
 * The steps that make the schema, oldest first. `PRAGMA user_version` holds how many of them a store has done.
 *
 * Step 1 is the whole schema as of the first version. A step that has been released is never edited: a change of the schema is a
 * new step at the end, which also converts the rows that exist (see migrate.ts), with the SQL functions of
 * migration-functions.ts where that takes the master key.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE bundle_version (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
  INSERT INTO bundle_version VALUES (1, 0);
  CREATE TABLE change_log (version INTEGER PRIMARY KEY, guild_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL) STRICT;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE guilds (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, team_id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL UNIQUE,
    public_key TEXT NOT NULL, private_key BLOB NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE settings (
    guild_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (guild_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE products (
    id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, guild_id TEXT NOT NULL, name TEXT NOT NULL, description TEXT,
    version TEXT, version_policy TEXT NOT NULL, buyer_role_id TEXT, claim_role_id TEXT, limits TEXT NOT NULL,
    url TEXT, image_url TEXT, created_at INTEGER NOT NULL, deleted_at INTEGER
  ) STRICT;
  CREATE INDEX products_guild ON products (guild_id);
  -- the present name and every former one, folded: one name means one product of the guild
  CREATE TABLE product_names (
    guild_id TEXT NOT NULL, folded TEXT NOT NULL, product_id INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (guild_id, folded)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE releases (
    product_id INTEGER NOT NULL, branch TEXT NOT NULL, version TEXT NOT NULL, status TEXT NOT NULL,
    created_at INTEGER NOT NULL, PRIMARY KEY (product_id, branch, version)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE licenses (
    id INTEGER PRIMARY KEY, guild_id TEXT NOT NULL, lookup BLOB NOT NULL UNIQUE, sealed_key BLOB NOT NULL,
    -- HMAC of the key alone: which guilds have it (redeem in a DM)
    key_anywhere BLOB NOT NULL, key_suffix TEXT NOT NULL, product_id INTEGER NOT NULL,
    name TEXT, note TEXT, order_ref TEXT, owner_id TEXT, staff INTEGER NOT NULL,
    suspended_at INTEGER, suspend_reason TEXT, switched_off INTEGER NOT NULL,
    expiry_type TEXT NOT NULL, expiry_start TEXT, expiry_days INTEGER, expires_at INTEGER, expiry_notified INTEGER NOT NULL DEFAULT 0,
    activated_at INTEGER,
    -- limits: NULL inherit, -1 unlimited; forget_after: NULL inherit, -1 never
    limit_ip INTEGER, limit_hwid INTEGER, limit_mac INTEGER,
    forget_ip INTEGER, forget_hwid INTEGER, forget_mac INTEGER,
    scope TEXT,
    -- validation points; NULL: no limit, no cap, no refill
    points_left INTEGER, points_limit INTEGER, points_amount INTEGER, points_interval TEXT, points_refilled_at INTEGER,
    owner_resets TEXT NOT NULL DEFAULT '[]', created_at INTEGER NOT NULL, created_by TEXT NOT NULL, deleted_at INTEGER
  ) STRICT;
  -- an index ends with the row's id by itself: pages by id need no more
  CREATE INDEX licenses_guild ON licenses (guild_id);
  CREATE INDEX licenses_product ON licenses (product_id);
  CREATE INDEX licenses_owner ON licenses (owner_id) WHERE owner_id IS NOT NULL;
  CREATE INDEX licenses_suffix ON licenses (guild_id, key_suffix COLLATE NOCASE);
  CREATE INDEX licenses_order ON licenses (guild_id, order_ref) WHERE order_ref IS NOT NULL;
  CREATE INDEX licenses_anywhere ON licenses (key_anywhere);
  CREATE INDEX licenses_expires ON licenses (expires_at)
    WHERE expires_at IS NOT NULL AND expiry_notified = 0 AND deleted_at IS NULL;
  CREATE INDEX licenses_deleted ON licenses (deleted_at) WHERE deleted_at IS NOT NULL;
  CREATE INDEX licenses_maker ON licenses (guild_id, created_by, created_at);

  CREATE TABLE slots (
    license_id INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL, released_at INTEGER, PRIMARY KEY (license_id, kind, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX slots_value ON slots (kind, value);
  -- guild_id: retention is the guild's, and deletes by age
  CREATE TABLE observed_values (
    license_id INTEGER NOT NULL, guild_id TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL, released_at INTEGER, PRIMARY KEY (license_id, kind, value)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX observed_values_value ON observed_values (kind, value);
  CREATE INDEX observed_values_age ON observed_values (guild_id, last_seen);

  -- AUTOINCREMENT: the audit and stale buttons name ids, so that an id never comes to mean another thing
  CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, name TEXT NOT NULL, hash BLOB NOT NULL UNIQUE, scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER, revoked_at INTEGER
  ) STRICT;
  CREATE INDEX api_keys_guild ON api_keys (guild_id);

  CREATE TABLE blacklist (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, type TEXT NOT NULL, value TEXT NOT NULL, match TEXT NOT NULL,
    reason TEXT, expires_at INTEGER, hits INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL, UNIQUE (guild_id, type, match)
  ) STRICT;
  CREATE INDEX blacklist_guild ON blacklist (guild_id);
  CREATE INDEX blacklist_ends ON blacklist (expires_at) WHERE expires_at IS NOT NULL;

  CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, at INTEGER NOT NULL, protocol TEXT NOT NULL,
    result TEXT NOT NULL, license_id INTEGER, product_id INTEGER, product TEXT, version TEXT, key_suffix TEXT,
    declared_ip TEXT, observed_ip TEXT NOT NULL, hwid TEXT, mac TEXT, country TEXT, user_agent TEXT,
    info TEXT, new_bindings TEXT NOT NULL, quiet INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX attempts_guild ON attempts (guild_id, at);
  CREATE INDEX attempts_license ON attempts (license_id) WHERE license_id IS NOT NULL;
  CREATE TABLE attempt_counts (
    guild_id TEXT NOT NULL, minute INTEGER NOT NULL, protocol TEXT NOT NULL, result TEXT NOT NULL,
    count INTEGER NOT NULL, PRIMARY KEY (guild_id, minute, protocol, result)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rejected_requests (
    minute INTEGER NOT NULL, observed_ip TEXT NOT NULL, protocol TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (minute, observed_ip, protocol, kind)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT, details TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_guild ON audit (guild_id);
  CREATE INDEX audit_subject ON audit (guild_id, subject);
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL,
    subject TEXT NOT NULL, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX alerts_subject ON alerts (guild_id, kind, subject, at);
  CREATE TABLE users (id TEXT PRIMARY KEY, username TEXT NOT NULL, discriminator TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE effects (
    id INTEGER PRIMARY KEY AUTOINCREMENT, guild_id TEXT NOT NULL, kind TEXT NOT NULL, effect TEXT NOT NULL,
    status TEXT NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, claimed_at INTEGER,
    tries INTEGER NOT NULL DEFAULT 0, outcome TEXT
  ) STRICT;
  CREATE INDEX effects_due ON effects (kind, due_at, id) WHERE status IN ('pending', 'claimed');
  CREATE TABLE granted_roles (
    guild_id TEXT NOT NULL, user_id TEXT NOT NULL, role_id TEXT NOT NULL, PRIMARY KEY (guild_id, user_id, role_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leases (
    name TEXT PRIMARY KEY, holder TEXT NOT NULL, number INTEGER NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- UUIDs of customers that were supplied; all others are derived from guild and user
  CREATE TABLE customers (
    guild_id TEXT NOT NULL, user_id TEXT NOT NULL, uuid TEXT NOT NULL,
    PRIMARY KEY (guild_id, user_id), UNIQUE (guild_id, uuid)
  ) STRICT, WITHOUT ROWID;
  `,
  // The sealed challenge keys of systems that do not use the guild's common one, as JSON.
  "ALTER TABLE guilds ADD COLUMN system_keys TEXT NOT NULL DEFAULT '[]'",
  `
  -- ends that were processed: one in the future was processed by a clock that was ahead
  CREATE INDEX licenses_processed_ends ON licenses (expires_at)
    WHERE expires_at IS NOT NULL AND expiry_notified = 1 AND deleted_at IS NULL;
  `,
  `
  -- which address IP limits counted, and what else the rules looked at; unknown of older attempts
  ALTER TABLE attempts ADD COLUMN counted_ip TEXT;
  ALTER TABLE attempts ADD COLUMN branch TEXT;
  ALTER TABLE attempts ADD COLUMN scope TEXT;
  `,
  `
  -- the HMAC of the key's folded form: which licenses a person means who types a key, in a guild or in all of them
  DROP INDEX licenses_anywhere;
  -- keys whose letters were composed in another way are stored in NFC: programs are asked for those
  UPDATE OR IGNORE blacklist SET match = (
    SELECT lower(hex(respelled_lookup(guild_id, lookup, sealed_key))) FROM licenses WHERE lookup = unhex(match)
  ) WHERE type = 'key' AND EXISTS (
    SELECT 1 FROM licenses WHERE lookup = unhex(match) AND respelled_lookup(guild_id, lookup, sealed_key) IS NOT NULL
  );
  UPDATE OR IGNORE licenses SET
    lookup = respelled_lookup(guild_id, lookup, sealed_key),
    sealed_key = respelled_sealed_key(guild_id, lookup, sealed_key),
    key_suffix = respelled_suffix(lookup, sealed_key)
  WHERE respelled_lookup(guild_id, lookup, sealed_key) IS NOT NULL;
  ALTER TABLE licenses RENAME COLUMN key_anywhere TO key_folded;
  UPDATE licenses SET key_folded = folded_key(lookup, sealed_key);
  CREATE INDEX licenses_folded ON licenses (key_folded);
  UPDATE OR IGNORE product_names SET folded = fold_name(name);
  `,
  `
  -- the folded form of order_ref, by which orders are found
  ALTER TABLE licenses ADD COLUMN order_folded TEXT;
  UPDATE licenses SET order_folded = fold_name(order_ref) WHERE order_ref IS NOT NULL;
  DROP INDEX licenses_order;
  CREATE INDEX licenses_order ON licenses (guild_id, order_folded) WHERE order_folded IS NOT NULL;
  `,
  `
  -- for their retention
  CREATE INDEX alerts_by_time ON alerts (guild_id, at);
  `,
  `
  CREATE INDEX effects_waiting ON effects (guild_id) WHERE status = 'waiting';
  `,
  `
  -- The attempts of a license, in runs of 32,768 ids. An index over all attempts would dirty another page with each check.
  -- Attempts are added in sorted steps, up to the last id in attempt_roll_up: see attempts/roll-up.ts.
  CREATE TABLE attempt_licenses (
    run INTEGER NOT NULL, license_id INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (run, license_id, id)
  ) STRICT, WITHOUT ROWID;
  -- How many attempts there were in an hour and in a day; product_id 0: the attempts of no product.
  CREATE TABLE attempt_statistics (
    guild_id TEXT NOT NULL, period TEXT NOT NULL, start INTEGER NOT NULL, protocol TEXT NOT NULL, product_id INTEGER NOT NULL,
    result TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (guild_id, period, start, protocol, product_id, result)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt_roll_up (id INTEGER PRIMARY KEY CHECK (id = 1), last_id INTEGER NOT NULL) STRICT;
  INSERT INTO attempt_roll_up SELECT 1, coalesce(max(id), 0) FROM attempts;

  INSERT INTO attempt_licenses
    SELECT id / 32768, license_id, id FROM attempts WHERE license_id IS NOT NULL ORDER BY id / 32768, license_id, id;
  DROP INDEX attempts_license;
  INSERT INTO attempt_statistics
    SELECT guild_id, 'hour', at - at % 3600000, protocol, coalesce(product_id, 0), result, count(*) FROM attempts
    GROUP BY guild_id, at - at % 3600000, protocol, coalesce(product_id, 0), result;
  INSERT INTO attempt_statistics
    SELECT guild_id, 'hour', minute - minute % 3600000, protocol, 0, result, sum(count) FROM attempt_counts WHERE TRUE
    GROUP BY guild_id, minute - minute % 3600000, protocol, result
    ON CONFLICT DO UPDATE SET count = count + excluded.count;
  INSERT INTO attempt_statistics
    SELECT guild_id, 'day', start - start % 86400000, protocol, product_id, result, sum(count) FROM attempt_statistics
    GROUP BY guild_id, start - start % 86400000, protocol, product_id, result;
  `,
  `
  -- Every three characters in a row of a license's name, note and order: see licenses/text-index.ts.
  CREATE VIRTUAL TABLE license_texts USING fts5(
    grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
  );
  INSERT INTO license_texts (rowid, grams)
    SELECT id, license_grams(id, guild_id, name, note, order_ref) FROM licenses
    WHERE name IS NOT NULL OR note IS NOT NULL OR order_ref IS NOT NULL;
  -- Merges are done in small steps by the program. SQLite's own would hold up a change for 100 ms and more.
  INSERT INTO license_texts (license_texts, rank) VALUES ('automerge', 0), ('crisismerge', 1000);
  -- The states by which licenses are listed. No column of these indexes is written by a check.
  ALTER TABLE licenses ADD COLUMN listed_as TEXT GENERATED ALWAYS AS (
    CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN suspended_at IS NOT NULL THEN 'suspended'
      WHEN switched_off = 1 THEN 'off' ELSE 'on' END
  ) VIRTUAL;
  CREATE INDEX licenses_state ON licenses (guild_id, listed_as, expiry_notified, id, product_id);
  CREATE INDEX licenses_staff ON licenses (guild_id) WHERE staff = 1;
  CREATE INDEX licenses_product_owner ON licenses (product_id, owner_id) WHERE deleted_at IS NULL;
  `,
  `
  -- A list of one type is in the order of ids, and would otherwise read all entries for a type that is rare.
  CREATE INDEX blacklist_type ON blacklist (guild_id, type);
  `,
  `
  -- What licenses and products can hold besides. NULL: an empty list.
  ALTER TABLE licenses ADD COLUMN uuid TEXT NOT NULL DEFAULT '';
  ALTER TABLE licenses ADD COLUMN further_products TEXT;
  ALTER TABLE licenses ADD COLUMN all_products INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE licenses ADD COLUMN helpers TEXT;
  ALTER TABLE licenses ADD COLUMN helpers_see_key INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE licenses ADD COLUMN features TEXT;
  ALTER TABLE licenses ADD COLUMN metadata TEXT;
  ALTER TABLE licenses ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE licenses ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE licenses ADD COLUMN holds TEXT;
  -- The one suspension that there was before is a hold of the staff, or of the owner's departure where its reason says so.
  UPDATE licenses SET uuid = random_uuid(), updated_at = created_at, holds = CASE WHEN suspended_at IS NOT NULL THEN
    json_array(json_object(
      'kind', CASE WHEN suspend_reason IN (
        'Owner left the server (automatic: member.onLeave)', 'Owner was banned from the server (automatic: member.onBan)'
      ) THEN 'left' ELSE 'staff' END,
      'at', suspended_at, 'reason', suspend_reason
    )) END;
  DROP INDEX licenses_state;
  ALTER TABLE licenses DROP COLUMN listed_as;
  ALTER TABLE licenses DROP COLUMN suspended_at;
  ALTER TABLE licenses DROP COLUMN suspend_reason;
  ALTER TABLE licenses ADD COLUMN listed_as TEXT GENERATED ALWAYS AS (
    CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN holds IS NOT NULL THEN 'suspended'
      WHEN switched_off = 1 THEN 'off' ELSE 'on' END
  ) VIRTUAL;
  CREATE INDEX licenses_state ON licenses (guild_id, listed_as, expiry_notified, id, product_id);
  CREATE UNIQUE INDEX licenses_uuid ON licenses (uuid);
  ALTER TABLE products ADD COLUMN features TEXT;
  ALTER TABLE products ADD COLUMN metadata TEXT;
  ALTER TABLE products ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE products ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
  ALTER TABLE products ADD COLUMN term TEXT;
  ALTER TABLE products ADD COLUMN trial TEXT;
  ALTER TABLE products ADD COLUMN grace_days INTEGER NOT NULL DEFAULT 0;
  UPDATE products SET updated_at = created_at;
  -- in days, of which a fraction is minutes
  ALTER TABLE licenses ADD COLUMN expiry_length REAL;
  UPDATE licenses SET expiry_length = expiry_days WHERE expiry_days IS NOT NULL;
  ALTER TABLE licenses DROP COLUMN expiry_days;
  -- Where addresses follow HWIDs, and where new machines replace others; NULL elsewhere.
  ALTER TABLE slots ADD COLUMN hwid TEXT;
  ALTER TABLE licenses ADD COLUMN replacements TEXT;
  ALTER TABLE attempts ADD COLUMN replaced TEXT;
  ALTER TABLE releases ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;
  -- Until now the newest published release of a branch was its latest.
  UPDATE releases SET latest = 1 WHERE status = 'published' AND NOT EXISTS (
    SELECT 1 FROM releases AS newer WHERE newer.product_id = releases.product_id AND newer.branch = releases.branch
      AND newer.status = 'published' AND (newer.created_at, newer.version) > (releases.created_at, releases.version)
  );
  -- Which licenses are for a product besides their main one; under product 0, those that are for every product.
  CREATE TABLE license_products (
    guild_id TEXT NOT NULL, product_id INTEGER NOT NULL, license_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, product_id, license_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER license_products_of_new AFTER INSERT ON licenses
    WHEN new.further_products IS NOT NULL OR new.all_products = 1
  BEGIN
    INSERT INTO license_products SELECT new.guild_id, value, new.id FROM json_each(new.further_products);
    INSERT INTO license_products SELECT new.guild_id, 0, new.id WHERE new.all_products = 1;
  END;
  CREATE TRIGGER license_products_of_changed AFTER UPDATE OF further_products, all_products ON licenses
    WHEN old.further_products IS NOT new.further_products OR old.all_products <> new.all_products
  BEGIN
    DELETE FROM license_products WHERE guild_id = old.guild_id AND license_id = old.id
      AND product_id IN (SELECT value FROM json_each(old.further_products) UNION ALL SELECT 0);
    INSERT INTO license_products SELECT new.guild_id, value, new.id FROM json_each(new.further_products);
    INSERT INTO license_products SELECT new.guild_id, 0, new.id WHERE new.all_products = 1;
  END;
  CREATE TRIGGER license_products_of_removed AFTER DELETE ON licenses
    WHEN old.further_products IS NOT NULL OR old.all_products = 1
  BEGIN
    DELETE FROM license_products WHERE guild_id = old.guild_id AND license_id = old.id
      AND product_id IN (SELECT value FROM json_each(old.further_products) UNION ALL SELECT 0);
  END;

  -- Everyone with a license, and those whose UUID was supplied, become records: see customers/columns.ts.
  ALTER TABLE customers RENAME TO supplied_uuids;
  CREATE TABLE customers (
    id INTEGER PRIMARY KEY, guild_id TEXT NOT NULL, uuid TEXT NOT NULL, uuid_supplied INTEGER NOT NULL, discord_id TEXT,
    identities TEXT, sealed_email BLOB, email_hash TEXT, username TEXT, full_name TEXT, names_folded TEXT NOT NULL,
    metadata TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, revision INTEGER NOT NULL,
    -- the id of a record that was merged into another one, otherwise 0: part of what is unique
    retired INTEGER NOT NULL DEFAULT 0, merged_into INTEGER, moved_licenses TEXT, merges TEXT,
    -- 1: some licenses do not belong to it yet as they should
    unsettled INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO customers (id, guild_id, uuid, uuid_supplied, discord_id, names_folded, created_at, updated_at, revision)
    SELECT row_number() OVER (), guild_id, coalesce(uuid, customer_uuid(guild_id, user_id)), uuid IS NOT NULL,
      user_id, char(10), created_at, created_at, 1
    FROM (
      SELECT people.guild_id, people.user_id, supplied.uuid, coalesce(min(people.created_at), guilds.created_at) AS created_at
      FROM (
        SELECT guild_id, owner_id AS user_id, created_at FROM licenses WHERE owner_id IS NOT NULL
        UNION ALL SELECT guild_id, user_id, NULL FROM supplied_uuids
      ) AS people
      JOIN guilds ON guilds.id = people.guild_id
      LEFT JOIN supplied_uuids AS supplied USING (guild_id, user_id)
      GROUP BY people.guild_id, people.user_id
    );
  DROP TABLE supplied_uuids;
  INSERT OR REPLACE INTO counters (name, value) SELECT 'customer', max(id) FROM customers HAVING count(*) > 0;
  CREATE UNIQUE INDEX customers_uuid ON customers (guild_id, uuid, retired);
  CREATE UNIQUE INDEX customers_discord ON customers (guild_id, discord_id, retired);
  CREATE INDEX customers_email ON customers (guild_id, email_hash) WHERE email_hash IS NOT NULL;
  CREATE INDEX customers_guild ON customers (guild_id);
  CREATE INDEX customers_unsettled ON customers (id) WHERE unsettled = 1;
  CREATE TABLE customer_identities (
    guild_id TEXT NOT NULL, system TEXT NOT NULL, user_id TEXT NOT NULL, retired INTEGER NOT NULL,
    customer_id INTEGER NOT NULL, PRIMARY KEY (guild_id, system, user_id, retired)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX customer_identities_customer ON customer_identities (customer_id);
  ALTER TABLE licenses ADD COLUMN customer_id INTEGER;
  UPDATE licenses SET customer_id = (
    SELECT id FROM customers WHERE customers.guild_id = licenses.guild_id AND discord_id = owner_id AND retired = 0
  ) WHERE owner_id IS NOT NULL;
  CREATE INDEX licenses_customer ON licenses (customer_id) WHERE customer_id IS NOT NULL;
  -- The licenses that a user helps with. Triggers keep it, so that no way to write a license can miss it.
  CREATE TABLE license_helpers (
    user_id TEXT NOT NULL, license_id INTEGER NOT NULL, PRIMARY KEY (user_id, license_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER license_helpers_added AFTER INSERT ON licenses WHEN NEW.helpers IS NOT NULL BEGIN
    INSERT INTO license_helpers SELECT value, NEW.id FROM json_each(NEW.helpers);
  END;
  CREATE TRIGGER license_helpers_changed AFTER UPDATE OF helpers ON licenses WHEN OLD.helpers IS NOT NEW.helpers BEGIN
    DELETE FROM license_helpers WHERE license_id = OLD.id AND user_id IN (SELECT value FROM json_each(OLD.helpers));
    INSERT INTO license_helpers SELECT value, NEW.id FROM json_each(NEW.helpers);
  END;
  CREATE TRIGGER license_helpers_removed AFTER DELETE ON licenses WHEN OLD.helpers IS NOT NULL BEGIN
    DELETE FROM license_helpers WHERE license_id = OLD.id AND user_id IN (SELECT value FROM json_each(OLD.helpers));
  END;
  `,
];
