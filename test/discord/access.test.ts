import { describe, expect, test } from '@jest/globals';
import { type Access, missingAccess, notAMember } from '../../src/discord/framework/access.ts';
import { defaultSettings } from '../../src/domain/settings/settings.ts';
import { manageServerActions, staffActions } from '../../src/domain/settings/staff-actions.ts';

const moderator = { ...notAMember, moderateMembers: true };
const manager = { ...notAMember, manageServer: true };
const helper = { ...notAMember, roleIds: ['111111111111111111'] };

describe('access', () => {
  test.each(staffActions)('%s is open to Manage Server, and with an unset list to its default permission', (action) => {
    expect(missingAccess(action, manager, defaultSettings)).toBeNull();
    expect(missingAccess(action, notAMember, defaultSettings)).not.toBeNull();
    const isOpen = missingAccess(action, moderator, defaultSettings) === null;
    expect(isOpen).toBe(!manageServerActions.includes(action));
  });

  test.each(staffActions)('%s with a list is open to its roles and no longer to Moderate Members', (action) => {
    const settings = { ...defaultSettings, [`roles.${action}`]: helper.roleIds };
    expect(missingAccess(action, helper, settings)).toBeNull();
    expect(missingAccess(action, moderator, settings)).toContain('<@&111111111111111111>');
  });

  test('an empty list leaves Manage Server only', () => {
    const settings = { ...defaultSettings, 'roles.logs': [] };
    expect(missingAccess('logs', moderator, settings)).toContain('Manage Server');
    expect(missingAccess('logs', manager, settings)).toBeNull();
  });

  test.each<[Access, boolean]>([
    ['buyer', true],
    ['member', true],
    ['manager', false],
  ])('%s asks for no list', (access, isOpen) => {
    expect(missingAccess(access, moderator, defaultSettings) === null).toBe(isOpen);
    expect(missingAccess(access, manager, defaultSettings)).toBeNull();
  });
});
