import fc from 'fast-check';
import { Books, closedAt, monthlyPrice, sampleAgreement, sampleAttainment } from '../books.fixtures';

type Step = 'reckon' | 'agreement' | 'price' | { readonly revision: number };

/** What the sample's clause makes of 10,000.00: the tier's percent, at most 50 %. */
const AMOUNTS: Readonly<Record<string, string>> = { '10': '1000.00', '25': '2500.00', '80': '5000.00' };

/** Each arrival once and some again, in any order, with the worker's turns anywhere between. */
const tellings = fc
  .record({
    credits: fc.array(fc.option(fc.constantFrom('10', '25', '80')), { minLength: 1, maxLength: 4 }),
    closes: fc.boolean(),
  })
  .chain(({ credits, closes }) => {
    const arrivals: Step[] = ['agreement', 'price', ...credits.map((_, i) => ({ revision: i + 1 }))];
    return fc.record({
      credits: fc.constant(credits),
      closes: fc.constant(closes),
      steps: fc
        .array(fc.constantFrom<Step>(...arrivals, 'reckon', 'reckon'), { maxLength: 8 })
        .chain((more) => fc.shuffledSubarray([...arrivals, ...more], { minLength: arrivals.length + more.length })),
    });
  });

describe('whatever the order and repetition of events, and whenever they are reckoned', () => {
  let books: Books;
  beforeAll(async () => {
    books = await Books.open();
  });
  afterAll(() => books.close());

  it('the balance of each account of an obligation is the same', async () => {
    let told = 0;
    await fc.assert(
      fc.asyncProperty(tellings, async ({ credits, closes, steps }) => {
        const agreement = `sla-${++told}`;
        const service = `service-${told}`;
        const attainment = (revision: number) =>
          sampleAttainment(credits[revision - 1] ?? null, {
            agreement,
            service,
            version: revision,
            revision,
            ...(closes && revision === credits.length ? closedAt('2026-11-07T23:00:00.000Z', revision) : {}),
          });
        for (const step of steps) {
          if (step === 'reckon') await books.turn();
          else if (step === 'agreement') await books.hear(sampleAgreement({ id: agreement, service }));
          else if (step === 'price') await books.publish(monthlyPrice('10000.00'), service);
          else await books.hear(attainment(step.revision));
        }
        await books.reckoned();
        const amount = AMOUNTS[credits.at(-1) ?? ''];
        expect(await books.balances(attainment(1).id)).toEqual(
          amount === undefined
            ? {}
            : { 'service-credits': amount, [closes ? 'credits-payable' : 'accrued-credits']: `-${amount}` },
        );
        expect(await books.ledger.trialBalance()).toMatchObject({ balanced: true });
      }),
      { numRuns: 60 },
    );
    const [numbers] = await books.db.query(
      `select count(*) as notes, coalesce(max(right(number, 6)::int), 0)::bigint as last from document`,
    );
    expect(numbers).toEqual({ notes: numbers?.['last'], last: numbers?.['last'] });
  });
});
