/** The note in which a server that chose its port itself says where it listens: an address without a trailing slash. */
export const addressNote = 'http.address';

/** The note of the last proxy that sent forwarding headers without being declared: `<instant> <address>`. */
export const proxyNote = 'http.undeclared-proxy';
