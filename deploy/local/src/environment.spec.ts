import { dataDirAt } from './data-dir';
import { busMigrationEnvironment, gatewayEnvironment, migrationEnvironment, serviceEnvironment } from './environment';
import { portsFrom } from './ports';
import type { Passwords } from './secrets';
import { appRoles, BUS_DATABASE, ownerOf, serviceDatabases } from './topology';

const roles = [...serviceDatabases, BUS_DATABASE].map(ownerOf).concat(appRoles);
const passwords: Passwords = new Map(roles.map((role) => [role, `of-${role}`]));
const on = (bus: 'postgres' | 'kafka') => ({
  dir: dataDirAt('/data'),
  ports: portsFrom(7100),
  passwords,
  bus: bus === 'kafka' ? ({ kind: bus, brokers: 'broker:9092' } as const) : ({ kind: bus } as const),
});

describe('the environment of a service', () => {
  it('has its own database and the bus, both with its running role', () =>
    expect(serviceEnvironment(on('postgres'), 'service-level')).toMatchObject({
      UNDERPIN_HOST: '127.0.0.1',
      UNDERPIN_PORT: '7101',
      UNDERPIN_DATABASE_URL:
        'postgresql://underpin_service_level_app:of-underpin_service_level_app@127.0.0.1:7110/underpin_service_level',
      UNDERPIN_BUS: 'postgres',
      UNDERPIN_BUS_DATABASE_URL:
        'postgresql://underpin_service_level_app:of-underpin_service_level_app@127.0.0.1:7110/underpin_bus',
      UNDERPIN_API_KEYS_FILE: '/data/keys.json',
      UNDERPIN_MEMBER: 'service-level-1',
    }));

  it('has brokers instead of the bus database when Kafka carries the events', () => {
    const environment = serviceEnvironment(on('kafka'), 'financial');
    expect(environment).toMatchObject({ UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: 'broker:9092' });
    expect(environment).not.toHaveProperty('UNDERPIN_BUS_DATABASE_URL');
  });

  it('passes on the steered clock of a test', () => {
    process.env['UNDERPIN_TEST_CLOCK'] = '1';
    try {
      expect(serviceEnvironment(on('postgres'), 'capacity')).toHaveProperty('UNDERPIN_TEST_CLOCK', '1');
    } finally {
      delete process.env['UNDERPIN_TEST_CLOCK'];
    }
  });
});

describe('the environment of a migration', () => {
  it('has the owner, and the role to grant to', () =>
    expect(migrationEnvironment(on('postgres'), 'availability')).toMatchObject({
      UNDERPIN_DATABASE_OWNER_URL:
        'postgresql://underpin_availability_owner:of-underpin_availability_owner@127.0.0.1:7110/underpin_availability',
      UNDERPIN_DATABASE_URL: expect.stringContaining('//underpin_availability_app:') as string,
    }));

  it('of a Kafka has its brokers', () => {
    const environment = busMigrationEnvironment(on('kafka'));
    expect(environment).toMatchObject({ UNDERPIN_BUS: 'kafka', UNDERPIN_KAFKA_BROKERS: 'broker:9092' });
    expect(environment).not.toHaveProperty('UNDERPIN_BUS_APP_ROLES');
  });

  it('of the bus has the running roles of all services', () =>
    expect(busMigrationEnvironment(on('postgres'))).toMatchObject({
      UNDERPIN_BUS_DATABASE_OWNER_URL:
        'postgresql://underpin_bus_owner:of-underpin_bus_owner@127.0.0.1:7110/underpin_bus',
      UNDERPIN_BUS_APP_ROLES:
        'underpin_service_level_app,underpin_availability_app,underpin_capacity_app,underpin_continuity_app,underpin_financial_app',
    }));
});

it('the gateway knows where each service is, and no database', () => {
  const environment = gatewayEnvironment(on('postgres'), 'gateway');
  expect(environment['UNDERPIN_SERVICES']).toMatch(
    /^service-level=http:\/\/127\.0\.0\.1:7101,availability=http:\/\/127\.0\.0\.1:7102,/,
  );
  expect(environment).not.toHaveProperty('UNDERPIN_DATABASE_URL');
});
