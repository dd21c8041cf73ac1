import { runService } from '@underpin/platform/service/run-service';
import { availability } from './availability.service';

runService(availability);
