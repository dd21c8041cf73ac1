import type { Instant } from '@underpin/kernel/time/instant';
import type { History, HistoryReader } from './history';
import { jsonLines } from './json-lines';
import { statuspage } from './statuspage';

/** The first that recognises the content reads it; JSON Lines takes what is left, and says which line it cannot read. */
const readers: readonly HistoryReader[] = [statuspage, jsonLines];

/** Reads a history, whatever its format. @throws Refusal */
export const readHistory = (text: string, now: Instant): History & { readonly format: string } => {
  const content = text.replace(/^\uFEFF/, '');
  const reader = readers.find((one) => one.recognises(content)) ?? jsonLines;
  return { ...reader.read(content, now), format: reader.format };
};
