import { buildMessage, IsObject, ValidateBy, type ValidationArguments } from 'class-validator';
import { checkCalendar, type CalendarDefinition } from '@underpin/kernel/time/calendar';
import { Optional } from '../fields/presence';
import { LocalDates } from '../fields/time';
import { ZoneName } from '../fields/text';

const problemOf = (calendar: CalendarDefinition): string | null => {
  try {
    checkCalendar(calendar);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

/** `"24x7"` or hours by weekday, in a calendar that makes sense as a whole. */
const WeeklyHours = (): PropertyDecorator =>
  ValidateBy({
    name: 'weeklyHours',
    validator: {
      validate: (_value, args?: ValidationArguments) => problemOf(args?.object as CalendarDefinition) === null,
      defaultMessage: buildMessage(
        (_each, args) => `$property: ${problemOf(args?.object as CalendarDefinition) ?? ''}`,
      ),
    },
  });

/** Service hours by one zone's clocks, in full: holidays resolved, exceptions with their own hours. */
export class CalendarV1 implements CalendarDefinition {
  @ZoneName()
  readonly zone: string;

  /** `"24x7"`, or hours by weekday, 1 (Monday) to 7. */
  @WeeklyHours()
  readonly weekly: CalendarDefinition['weekly'];

  @Optional()
  @LocalDates(4_000)
  readonly holidays?: readonly string[];

  @Optional()
  @IsObject()
  readonly exceptions?: CalendarDefinition['exceptions'];
}
