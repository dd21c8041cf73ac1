import type { Journal } from '../ledger/journal';
import { clause, monthly, october, place, reached } from './obligations.fixtures';
import { answer, type Obligation, type ObligationFact } from './obligation';
import { obligationPublication } from './obligations.publications';
import { unheardOf } from './obligations.table';
import { owed, type Attained, type Clause } from './owed';
import type { Price } from '../prices/price';

const unanswered = unheardOf(october.agreement, october.from);

/** The state after a series of answers, and what was posted on the way: debit, credit, amount. */
const after = (...told: [Attained, Price?, Clause?][]) => {
  const facts: ObligationFact[] = [];
  let state: Obligation = unanswered;
  for (const [attained, price = monthly, remedy = clause] of told) {
    const decision = answer(state, attained, owed(attained, remedy, price), place);
    state = decision.state;
    facts.push(...decision.facts);
  }
  return {
    state,
    facts: facts.map((f) => f.type),
    postings: facts.flatMap((f) => ('journal' in f && f.journal ? [line(f.journal)] : [])),
  };
};

const line = ({ kind, cites, entries: [debit, credit] }: Journal): string =>
  `${kind}: Dr ${debit?.account} ${debit?.amount.minor} / Cr ${credit?.account} ${-(credit?.amount.minor ?? 0n)} for ${cites.slice(-10)}`;

const revision = (number: number, attained: Attained): Attained => ({ ...attained, revision: number });
const closed = (attained: Attained): Attained => ({ ...attained, closed: true });

describe('an obligation', () => {
  it('posts the difference between what is owed and what is posted, as in the worked example', () =>
    expect(
      after(
        [revision(1, october)],
        [revision(2, reached('10'))],
        [revision(3, reached('25'))],
        [revision(4, reached('10'))],
        [revision(5, closed(reached('10')))],
      ),
    ).toMatchObject({
      postings: [
        'accrual: Dr service-credits 100000 / Cr accrued-credits 100000 for revision/2',
        'accrual: Dr service-credits 150000 / Cr accrued-credits 150000 for revision/3',
        'reversal: Dr accrued-credits 150000 / Cr service-credits 150000 for revision/4',
        'settlement: Dr accrued-credits 100000 / Cr credits-payable 100000 for revision/5',
      ],
      facts: ['reckoned', 'accrued', 'revised', 'revised', 'settled'],
      state: { status: 'settled', amount: 100_000n, posted: 100_000n, documentId: 'note', final: true },
    }));

  it('does nothing when it is told the same again', () =>
    expect(after([reached('10')], [reached('10')], [reached('10')]).facts).toEqual(['accrued']));

  it('accrues and settles at once where the close is the first that is heard', () =>
    expect(after([closed(reached('10'))]).postings).toEqual([
      'settlement: Dr accrued-credits 100000 / Cr credits-payable 100000 for revision/1',
      'accrual: Dr service-credits 100000 / Cr accrued-credits 100000 for revision/1',
    ]));

  it('does not move any more once it is settled: not by a restatement, not by another price', () => {
    const { state, facts } = after(
      [closed(reached('10'))],
      [revision(7, closed(reached('25')))],
      [closed(reached('10')), { ...monthly, rates: [{ from: '2026-01-01', amountMinor: 1n, per: 'month' }] }],
    );
    expect(facts).toEqual(['settled', 'accrued']);
    expect(state).toMatchObject({ amount: 100_000n, attainmentRevision: 1 });
  });

  it('ends without a document when nothing is owed at the close, and says so to those who had heard of it', () => {
    expect(after([closed(october)])).toMatchObject({
      facts: ['reckoned'],
      state: { status: 'none', documentId: null, final: true },
    });
    expect(after([reached('10')], [closed(october)])).toMatchObject({
      facts: ['accrued', 'settled', 'revised'],
      postings: [
        'accrual: Dr service-credits 100000 / Cr accrued-credits 100000 for revision/1',
        'reversal: Dr accrued-credits 100000 / Cr service-credits 100000 for revision/1',
      ],
      state: { status: 'none', posted: 0n, documentId: null, final: true },
    });
  });

  it('waits beyond the close for a price, and settles when it comes', () => {
    const attained = closed(reached('10'));
    const waiting = answer(unanswered, attained, owed(attained, clause, undefined), place);
    expect(waiting.state).toMatchObject({
      status: 'waiting',
      final: false,
      posted: 0n,
      waitingFor: ['price of payroll for acme'],
    });
    const settled = answer(waiting.state, attained, owed(attained, clause, monthly), place);
    expect(settled.state).toMatchObject({ status: 'settled', amount: 100_000n });
  });

  it('takes back what it has posted while it waits', () =>
    expect(after([reached('10')], [reached('10'), { ...monthly, rates: [] }])).toMatchObject({
      state: { status: 'waiting', posted: 0n, amount: 0n },
      postings: [expect.stringMatching(/^accrual/), expect.stringMatching(/^reversal/)],
    }));

  it('as a claim is a memo: eligible, without a journal', () => {
    const claim = (attained: Attained): Attained => ({ ...attained, direction: 'claim' });
    expect(
      after([claim(october)], [claim(reached('5'))], [claim(october)], [closed(claim(reached('5')))]),
    ).toMatchObject({
      facts: ['reckoned', 'eligible', 'eligible', 'eligible'],
      postings: [],
      state: { status: 'eligible', amount: 50_000n, posted: 0n, final: true, documentId: null },
    });
  });

  it('has a snapshot at any time: telling again goes over those that nobody was told of, too', () => {
    const { state } = answer(unanswered, reached('10'), owed(reached('10'), clause, undefined), place);
    expect(obligationPublication.snapshot(state, { version: 1, recordedAt: place.at })).toMatchObject({
      id: october.id,
      amount: '0',
    });
  });
});
