/** Module token of the bus that this process is connected to. */
export const BUS = Symbol('bus');
