import type { MeasuringPolicy } from '@underpin/kernel/measure/policy';
import { BasisPoints } from '../fields/numbers';
import { Slugs, OneOf, Texts } from '../fields/text';
import { IsoDuration } from '../fields/time';

/** How outages are counted, rule by rule and in full: whoever reads a figure needs no defaults of ours. */
export class PolicyV1 implements MeasuringPolicy {
  @OneOf('removed', 'up', 'down')
  readonly unknown: MeasuringPolicy['unknown'];

  @OneOf('removed', 'up', 'down')
  readonly maintenance: MeasuringPolicy['maintenance'];

  @IsoDuration()
  readonly maintenanceNotice: string;

  @OneOf('never', 'by-waiver')
  readonly reclassification: MeasuringPolicy['reclassification'];

  @Texts(100, 200)
  readonly excludedCauses: readonly string[];

  @Slugs(100)
  readonly excludedParties: readonly string[];

  @OneOf('not-excluded', 'excluded-while-invoked')
  readonly disaster: MeasuringPolicy['disaster'];

  @OneOf('share-of-users', 'severity-table')
  readonly partial: MeasuringPolicy['partial'];

  @BasisPoints()
  readonly minimumWeightBp: number;

  @IsoDuration()
  readonly minimumLength: string;

  @OneOf('ms', 'whole-minutes')
  readonly granularity: MeasuringPolicy['granularity'];

  @OneOf('occurred', 'detected', 'reported')
  readonly clockStart: MeasuringPolicy['clockStart'];

  @IsoDuration()
  readonly rejoin: string;

  @OneOf('in-the-period-of-its-start', 'in-each-period')
  readonly acrossBoundary: MeasuringPolicy['acrossBoundary'];
}
