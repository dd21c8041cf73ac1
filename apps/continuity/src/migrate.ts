import { runMigration } from '@underpin/platform/service/migrate-service';
import { continuity } from './continuity.service';

runMigration(continuity);
