import type { AlertService } from './alert-service.ts';
import type { ApiKeyService } from './api-key-service.ts';
import type { BlacklistService } from './blacklist-service.ts';
import type { BuyerService } from './buyers/buyer-service.ts';
import type { CheckLicense } from './check-license.ts';
import type { GuildService } from './guilds/guild-service.ts';
import type { LicenseService } from './licenses/license-service.ts';
import type { MemberService } from './member-service.ts';
import type { ProductService } from './products/product-service.ts';
import type { RecordsService } from './records-service.ts';
import type { SettingsService } from './settings-service.ts';
import type { UpkeepService } from './upkeep-service.ts';

/** Every use case. Ids of another guild are not found, everywhere. */
export interface Services {
  readonly checkLicense: CheckLicense;
  readonly guilds: GuildService;
  readonly settings: SettingsService;
  readonly products: ProductService;
  readonly licenses: LicenseService;
  readonly buyers: BuyerService;
  readonly blacklist: BlacklistService;
  readonly apiKeys: ApiKeyService;
  readonly records: RecordsService;
  readonly members: MemberService;
  readonly upkeep: UpkeepService;
  readonly alerts: AlertService;
}
