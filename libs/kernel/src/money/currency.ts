import { invalid, shown } from '../errors';

/*
 * Currencies in use, by the number of decimals of their minor unit. Source: ISO 4217, list one (SIX, the maintenance
 * agency), without precious metals, bond units and test codes, which have no minor unit.
 */
const CODES_BY_DECIMALS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
    'CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG ' +
    'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR ' +
    'MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD ' +
    'SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG ' +
    'YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_DECIMALS).flatMap(([decimals, codes]) =>
    codes.split(' ').map((code) => [code, Number(decimals)]),
  ),
);

export const isKnownCurrency = (code: string): boolean => DECIMALS.has(code);

/**
 * Decimals of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for BHD.
 *
 * @throws DomainError invalid `currency.unknown`
 */
export const decimalsOf = (code: string): number => {
  const decimals = DECIMALS.get(code);
  if (decimals === undefined)
    throw invalid(
      'currency.unknown',
      `${shown(code)} is not a currency: give a code of ISO 4217 in capitals, such as "EUR"`,
    );
  return decimals;
};
