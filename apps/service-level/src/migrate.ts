import { runMigration } from '@underpin/platform/service/migrate-service';
import { serviceLevel } from './service-level.service';

runMigration(serviceLevel);
