/** A public key as clients of different systems want it pasted. */
export interface PublicKeyForms {
  /** SPKI PEM, as tools read it. */
  readonly pem: string;
  /** The same without line breaks: for languages whose texts are one line. */
  readonly oneLine: string;
  /** The whole PEM text as base64: Lukittu's clients hold theirs so. */
  readonly base64: string;
}

/** All forms of an SPKI PEM. */
export function publicKeyForms(publicKey: string): PublicKeyForms {
  const pem = publicKey.trim();
  // PEM is ASCII.
  return { pem, oneLine: pem.replace(/\s*\n\s*/g, ''), base64: btoa(`${pem}\n`) };
}
