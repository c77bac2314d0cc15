import { type AlertService, createAlertService } from './alerts.ts';
import { type ApiKeyService, createApiKeyService } from './api-keys.ts';
import { type ClockService, createClockService } from './clock.ts';
import { type BlacklistService, createBlacklistService } from './blacklist.ts';
import type { BuyerService } from './buyers/buyer-service.ts';
import { createCustomerService } from './customers/create-customer-service.ts';
import type { CustomerService } from './customers/customer-service.ts';
import { type CheckLicense, createCheckLicense } from './check-license.ts';
import { createSignChallenge, type SignChallenge } from './sign-challenge.ts';
import type { ServiceContext } from './context.ts';
import { createBuyerService } from './buyers/create-buyer-service.ts';
import { createSettingsService, type SettingsService } from './settings.ts';
import { createMemberService, type MemberService } from './members.ts';
import { createAddGuild } from './guilds/add-guild.ts';
import { createManageGuilds } from './guilds/manage-guilds.ts';
import { createQuickstart } from './guilds/quickstart.ts';
import { createLicenseService } from './licenses/create-license-service.ts';
import { createLogChannelService, type LogChannelService } from './log-channels.ts';
import { createIntegrationService, type IntegrationService } from './integrations.ts';
import { createProductService } from './products/create-product-service.ts';
import { createUpkeepService, type UpkeepService } from './upkeep.ts';
import { createRecordsService, type RecordsService } from './records.ts';
import type { GuildService } from './guilds/guild-service.ts';
import type { LicenseService } from './licenses/license-service.ts';
import type { ProductService } from './products/product-service.ts';

/** All use cases. Each of them treats an id of another guild as not found. */
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
  readonly clock: ClockService;
  readonly logChannels: LogChannelService;
}

/** Creates all use cases over one store. */
export function createServices(context: ServiceContext): Services {
  const alerts = createAlertService(context);
  const clock = createClockService(context, alerts);
  const adding = createAddGuild(context);
  const products = createProductService(context);
  const licenses = createLicenseService(context);
  const apiKeys = createApiKeyService(context);
  const quickstart = createQuickstart(context, { guilds: adding, products, licenses, apiKeys });
  return {
    checkLicense: createCheckLicense(context),
    signChallenge: createSignChallenge(context),
    guilds: { ...adding, ...createManageGuilds(context), ...quickstart },
    settings: createSettingsService(context),
    products,
    licenses,
    buyers: createBuyerService(context, licenses),
    blacklist: createBlacklistService(context, licenses),
    apiKeys,
    customers: createCustomerService(context),
    integrations: createIntegrationService(context),
    records: createRecordsService(context),
    members: createMemberService(context, licenses, clock),
    upkeep: createUpkeepService(context, clock),
    alerts,
    clock,
    logChannels: createLogChannelService(context),
  };
}
