/** The maximum length of each field's text, in characters. */
export const fieldLimits = {
  name: 100,
  note: 1000,
  order: 100,
  reason: 500,
  productName: 100,
  description: 1000,
  url: 500,
  version: 255,
  branch: 255,
  apiKeyName: 100,
  scope: 1000,
  username: 100,
  fullName: 200,
} as const;
export type Field = keyof typeof fieldLimits;
