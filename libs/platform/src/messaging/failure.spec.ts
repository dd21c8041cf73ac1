import { conflict, invalid, notFound, unavailable } from '@underpin/kernel/errors';
import { SubjectRace } from '../persistence/tx';
import { detailOf, reasonFor, verdictOn } from './failure';
import { PositionMoved } from './positions';

const sql = (code: string): Error => Object.assign(new Error('said the server'), { code });

describe('a failure of a handler', () => {
  it.each([
    ['a refusal of the domain', invalid('outage.in-the-future', 'no'), 'final'],
    ['a conflict', conflict('agreement.already-agreed', 'no'), 'final'],
    ['something unknown', notFound('service.unknown', 'no'), 'final'],
    ['a refusal for the moment', unavailable('not.now', 'no'), 'maybe'],
    ['a mistake in the program', new TypeError('x is not a function'), 'maybe'],
    ['a race that was lost five times', new SubjectRace('again'), 'maybe'],
    ['a constraint', sql('23505'), 'maybe'],
    ['a value that no column can hold', sql('22003'), 'final'],
    ['a NUL in text', sql('22P05'), 'final'],
    ['a server that shuts down', sql('57P01'), 'away'],
    ['a statement that took too long', sql('57014'), 'maybe'],
    ['a deadlock', sql('40P01'), 'away'],
    ['no connection left', sql('53300'), 'away'],
    ['a closed port', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'away'],
    ['a pool without an answer', new Error('timeout exceeded when trying to connect'), 'away'],
    ['a connection that broke', new Error('Connection terminated unexpectedly'), 'away'],
    ['another member', new PositionMoved('moved'), 'not-ours'],
    ['something that is no error', 'boo', 'maybe'],
    ['nothing', undefined, 'maybe'],
  ])('%s is judged', (_what, error, verdict) => expect(verdictOn(error)).toBe(verdict));

  it('gives its reason as a code, and says what happened', () => {
    expect(reasonFor(invalid('outage.in-the-future', 'It has not happened yet'))).toBe('outage.in-the-future');
    expect(reasonFor(new TypeError('x'))).toBe('handler-failed');
    expect(detailOf(new TypeError('x is not a function'))).toBe('TypeError: x is not a function');
    expect(detailOf('boo')).toBe('boo');
  });
});
