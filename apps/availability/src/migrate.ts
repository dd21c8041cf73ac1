import { runMigration } from '@underpin/platform/service/migrate-service';
import { availability } from './availability.service';

runMigration(availability);
