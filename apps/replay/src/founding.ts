import { iso } from '@underpin/kernel/time/instant';
import { concurrently } from './concurrently';
import { EARLIEST_DAY } from './earliest';
import type { Plan, PlayedService } from './plan';
import type { Platform, RestRequest } from './platform';
import { displayName } from './slug';

const IN_FLIGHT = 4;
/** The fee of each service in each reporting period: a credit of 10 % is 100.00. */
const FEE = '1000.00';
const CURRENCY = 'EUR';
/** No time to wait between the end of a period and its close: late reports are delivered before it. */
const NO_GRACE = 'P0D';

/** Requests that have to be answered before the next group is sent. */
type Stage = readonly RestRequest[];

/** What must be there before an outage can come to a credit: customer, services, agreements in force, prices. */
export const foundation = (plan: Plan): readonly Stage[] => {
  const { customer, services, terms } = plan;
  const party = {
    name: `Replay: ${terms.target} % by ${terms.period} (${terms.zone})`,
    kind: 'customer',
    currency: CURRENCY,
  };
  const agreements = services.map((service) => ({ path: `service-level/agreements/${service.agreement}`, service }));
  return [
    [{ method: 'PUT', path: `service-level/parties/${customer}`, body: party }],
    services.map(({ slug, name }) => ({
      method: 'PUT',
      path: `service-level/services/${slug}`,
      body: { name: displayName(name), liveSince: `${EARLIEST_DAY}T00:00:00.000Z` },
    })),
    agreements.map(({ path, service }) => ({ method: 'PUT', path, body: agreementOn(service, plan) })),
    services.map(({ slug }) => ({
      method: 'PUT',
      path: `financial/prices/${slug}/${customer}`,
      body: { currency: CURRENCY, zone: terms.zone, rates: [{ from: EARLIEST_DAY, amount: FEE, per: terms.period }] },
      awaitsHearing: true,
    })),
    agreements.map(({ path }) => ({ method: 'POST', path: `${path}/agree` })),
  ];
};

const agreementOn = ({ slug }: PlayedService, { customer, begins, terms }: Plan): object => ({
  kind: 'SLA',
  service: slug,
  customer,
  effective: { from: iso(begins) },
  zone: terms.zone,
  reportingPeriod: terms.period,
  grace: NO_GRACE,
  target: { availability: terms.target },
  remedy: { tiers: terms.tiers },
});

/** Sends it, stage by stage. Again: everything is there already, and nothing changes. */
export const found = async (platform: Platform, stages: readonly Stage[], advance: () => void): Promise<void> => {
  for (const stage of stages)
    await concurrently(stage, IN_FLIGHT, async (request) => {
      await platform.send(request);
      advance();
    });
};
