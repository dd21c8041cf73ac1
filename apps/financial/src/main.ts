import { runService } from '@underpin/platform/service/run-service';
import { financial } from './financial.service';

runService(financial);
