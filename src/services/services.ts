import type { AlertService } from './alert-service.ts';
import type { ApiKeyService } from './api-key-service.ts';
import type { BlacklistService } from './blacklist-service.ts';
import type { BuyerService } from './buyers/buyer-service.ts';
import type { CustomerService } from './customer-service.ts';
import type { CheckLicense } from './check-license.ts';
import { createSignChallenge, type SignChallenge } from './sign-challenge.ts';
import type { ServiceContext } from './context.ts';
import { createBuyers } from './buyers/buyers.ts';
import { createChangeSettings } from './change-settings.ts';
import { createCheckLicense } from './check-license.ts';
import { createFollowMembers } from './follow-members.ts';
import { createAddGuild } from './guilds/add-guild.ts';
import { createManageGuilds } from './guilds/manage-guilds.ts';
import { createQuickstart } from './guilds/quickstart.ts';
import { createLicenses } from './licenses/licenses.ts';
import { createMakeIntegration } from './make-integration.ts';
import { createManageApiKeys } from './manage-api-keys.ts';
import { createManageCustomers } from './manage-customers.ts';
import { createManageBlacklist } from './manage-blacklist.ts';
import { createProducts } from './products/products.ts';
import { createRaiseAlerts } from './raise-alerts.ts';
import { createRunUpkeep } from './run-upkeep.ts';
import { createShowRecords } from './show-records.ts';
import type { GuildService } from './guilds/guild-service.ts';
import type { IntegrationService } from './integration-service.ts';
import type { LicenseService } from './licenses/license-service.ts';
import type { MemberService } from './member-service.ts';
import type { ProductService } from './products/product-service.ts';
import type { RecordsService } from './records-service.ts';
import type { SettingsService } from './settings-service.ts';
import type { UpkeepService } from './upkeep-service.ts';

/** Every use case. Ids of another guild are not found, everywhere. */
export interface Services {
  readonly checkLicense: CheckLicense;
  readonly signChallenge: SignChallenge;
  readonly guilds: GuildService;
  readonly settings: SettingsService;
  readonly products: ProductService;
  readonly licenses: LicenseService;
  readonly buyers: BuyerService;
  readonly blacklist: BlacklistService;
  readonly apiKeys: ApiKeyService;
  readonly customers: CustomerService;
  readonly integrations: IntegrationService;
  readonly records: RecordsService;
  readonly members: MemberService;
  readonly upkeep: UpkeepService;
  readonly alerts: AlertService;
}

/** All use cases over one store. */
export function createServices(context: ServiceContext): Services {
  const adding = createAddGuild(context);
  const products = createProducts(context);
  const licenses = createLicenses(context);
  const apiKeys = createManageApiKeys(context);
  const quickstart = createQuickstart(context, { guilds: adding, products, licenses, apiKeys });
  return {
    checkLicense: createCheckLicense(context),
    signChallenge: createSignChallenge(context),
    guilds: { ...adding, ...createManageGuilds(context), ...quickstart },
    settings: createChangeSettings(context),
    products,
    licenses,
    buyers: createBuyers(context, licenses),
    blacklist: createManageBlacklist(context),
    apiKeys,
    customers: createManageCustomers(context),
    integrations: createMakeIntegration(context),
    records: createShowRecords(context),
    members: createFollowMembers(context, licenses),
    upkeep: createRunUpkeep(context),
    alerts: createRaiseAlerts(context),
  };
}
