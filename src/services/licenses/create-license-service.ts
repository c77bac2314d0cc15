import type { ServiceContext } from '../context.ts';
import { createDeleteLicense } from './delete-license.ts';
import { createEditLicense } from './edit-license.ts';
import { createExtendLicense } from './extend-license.ts';
import { createFindLicenses } from './find-licenses.ts';
import { createRevealKey } from './reveal-key.ts';
import { createIssueLicense } from './issue-license.ts';
import type { LicenseService } from './license-service.ts';
import { createReassignLicense } from './reassign-license.ts';
import { createRekeyLicense } from './rekey-license.ts';
import { createResetLicense } from './reset-license.ts';
import { createShareLicense } from './share-license.ts';
import { createShowLicense } from './show-license.ts';
import { createSuspendLicense } from './suspend-license.ts';
import { createSwitchLicense } from './switch-license.ts';
import { createUndoStep } from './undo-step.ts';

/** All use cases of licenses, put together from one file each. */
export function createLicenseService(context: ServiceContext): LicenseService {
  const { rows, ...show } = createShowLicense(context);
  const undoing = {
    ...createSuspendLicense(context),
    ...createResetLicense(context),
    ...createReassignLicense(context),
    ...createDeleteLicense(context),
  };
  return {
    ...undoing,
    ...createUndoStep(context, undoing),
    ...createIssueLicense(context),
    ...createEditLicense(context),
    ...createExtendLicense(context),
    ...createSwitchLicense(context),
    ...createShareLicense(context),
    ...createRekeyLicense(context),
    ...createRevealKey(context),
    ...createFindLicenses(context, { rows }),
    ...show,
  };
}
