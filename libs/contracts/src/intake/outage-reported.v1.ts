import { IsBoolean } from 'class-validator';
import { BasisPoints, Whole } from '../fields/numbers';
import { Optional } from '../fields/presence';
import { Slug, Text } from '../fields/text';
import { AnyInstant } from '../fields/time';
import { recordSubject } from '../subject';

/** What a source says about an outage this time. An absent field says nothing, `null` takes back what was said. */
export class OutageReportedV1 {
  @Slug()
  readonly source: string;

  @Text(200)
  readonly externalId: string;

  /** Its place among the tellings of its source about this outage; needed where `toldAt` is absent. */
  @Optional()
  @Whole()
  readonly sequence?: number | null;

  /** When the source said so; needed where `sequence` is absent. */
  @Optional()
  @AnyInstant()
  readonly toldAt?: string | null;

  @Optional()
  @Slug()
  readonly service?: string | null;

  @Optional()
  @Slug()
  readonly component?: string | null;

  @Optional()
  @AnyInstant()
  readonly occurredAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly detectedAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly reportedAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly diagnosedAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly repairedAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly recoveredAt?: string | null;

  @Optional()
  @AnyInstant()
  readonly restoredAt?: string | null;

  /** In basis points; absent: all of the service. */
  @Optional()
  @BasisPoints()
  readonly weight?: number | null;

  @Optional()
  @Text(200)
  readonly cause?: string | null;

  @Optional()
  @Slug()
  readonly party?: string | null;

  @Optional()
  @IsBoolean()
  readonly planned?: boolean | null;

  @Optional()
  @Whole({ to: 10_000_000_000 })
  readonly users?: number | null;

  @Optional()
  @IsBoolean()
  readonly withdrawn?: boolean | null;
}

export const outageReports = recordSubject({
  topic: 'underpin.intake.outages',
  owner: 'intake',
  reasons: ['outage-reported'],
  payload: OutageReportedV1,
  key: (report) => `${report.source}/${report.externalId}`,
});
