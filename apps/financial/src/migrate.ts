import { runMigration } from '@underpin/platform/service/migrate-service';
import { financial } from './financial.service';

runMigration(financial);
