import { runMigration } from '@underpin/platform/service/migrate-service';
import { capacity } from './capacity.service';

runMigration(capacity);
