import { runService } from '@underpin/platform/service/run-service';
import { serviceLevel } from './service-level.service';

runService(serviceLevel);
