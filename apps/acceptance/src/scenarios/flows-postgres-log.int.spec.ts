import { describeFlows } from './flows.behaviour';

describeFlows('a Postgres log', async () => ({}));
