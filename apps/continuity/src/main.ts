import { runService } from '@underpin/platform/service/run-service';
import { continuity } from './continuity.service';

runService(continuity);
