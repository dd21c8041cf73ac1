/** Module token of the service's name: `availability`. */
export const SERVICE_NAME = Symbol('service name');
