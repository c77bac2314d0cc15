import type { IntegrationWarning } from '../domain/warning.ts';

/** One or two sentences on what to do before the sample code is shipped. */
export function describeIntegrationWarning(warning: IntegrationWarning): string {
  switch (warning.code) {
    case 'local-server':
      return `Programs elsewhere cannot reach ${warning.server}: set http.publicUrl, then make this again.`;
    case 'api-key-missing':
      return 'The API key is yours to fill in: it is shown once, when it is made. Give it the scope auth only.';
    case 'version-fixed':
      return 'The version is the product’s current one: raise it in the code with each release.';
    case 'answers-unsigned':
      return 'Answers of this system are not signed: who sends the program to a server of their own is let in. The recommended system signs them.';
    case 'product-unnamed':
      return 'This system names no product: a key of any product of this server is let in.';
    case 'customer-unnamed':
      return 'lukittu.strictCustomers is on, and the code sends no customerId: add the owner’s, or switch it off.';
    case 'version-unnamed':
      return 'lukittu.strictReleases is on, and the code sends no version: add it, or switch it off.';
  }
}
