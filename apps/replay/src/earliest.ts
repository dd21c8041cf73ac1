/** The platform takes no outage of before this day (UTC): services that are played count as live since then. */
export const EARLIEST_DAY = '2000-01-01';
