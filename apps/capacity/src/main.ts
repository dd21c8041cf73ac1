import { runService } from '@underpin/platform/service/run-service';
import { capacity } from './capacity.service';

runService(capacity);
