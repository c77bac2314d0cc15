import { describe, expect, test } from '@jest/globals';
import { accessError, type Member } from '../../../src/domain/access.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import { manageServerActions, roleSetting, staffActions } from '../../../src/domain/settings/staff-actions.ts';

const plainMember: Member = { roleIds: ['100000000000000000'], manageServer: false, moderateMembers: false };
const moderator: Member = { ...plainMember, moderateMembers: true };
const manager: Member = { ...plainMember, manageServer: true };
const helper: Member = { ...plainMember, roleIds: ['300000000000000000', '200000000000000000'] };

describe.each(staffActions)('who may %s', (action) => {
  const withRoles = (roles: string[]) => ({ ...defaultSettings, [roleSetting(action)]: roles });
  const needsManager = manageServerActions.includes(action);

  test('a member with Manage Server, always', () => {
    expect(accessError(action, manager, defaultSettings)).toBeNull();
    expect(accessError(action, manager, withRoles([]))).toBeNull();
  });

  test('a moderator while the list is unset, but for what needs Manage Server', () => {
    const refusal = accessError(action, moderator, defaultSettings);
    const error = { code: 'not-allowed', action, permission: 'manage-server', roleIds: [] };
    expect(refusal).toEqual(needsManager ? error : null);
  });

  test('a member with one of the roles, and then no moderator', () => {
    const settings = withRoles(['200000000000000000']);
    expect(accessError(action, helper, settings)).toBeNull();
    expect(accessError(action, moderator, settings)).toMatchObject({
      permission: 'manage-server',
      roleIds: ['200000000000000000'],
    });
  });

  test('no other member where the list is empty', () => {
    for (const member of [plainMember, moderator, helper]) {
      expect(accessError(action, member, withRoles([]))).toMatchObject({ permission: 'manage-server', roleIds: [] });
    }
  });

  test('no plain member, and the error names what is missing', () => {
    const permission = needsManager ? 'manage-server' : 'moderate-members';
    const error = { code: 'not-allowed', action, permission, roleIds: [] };
    expect(accessError(action, plainMember, defaultSettings)).toEqual(error);
  });
});
