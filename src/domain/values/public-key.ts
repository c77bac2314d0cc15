/** A public key in the forms that client programs take. */
export interface PublicKeyForms {
  /** SPKI PEM. */
  readonly pem: string;
  /** The PEM without line breaks, for languages whose string literals are one line. */
  readonly oneLine: string;
  /** The PEM encoded as base64, as Lukittu's clients take it. */
  readonly base64: string;
}

/** All forms of an SPKI PEM. */
export function publicKeyForms(publicKey: string): PublicKeyForms {
  const pem = publicKey.trim();
  // PEM is ASCII.
  return { pem, oneLine: pem.replace(/\s*\n\s*/g, ''), base64: btoa(`${pem}\n`) };
}
