import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { Many } from '@underpin/contracts/fields/nesting';
import { OptionalWords, PageQueryDto, SlugText, Words } from '../request-fields.dto';
import { PARTY_KINDS, type PartyKind } from './party';

export class PartyKeyDto {
  @SlugText({ example: 'acme', description: 'The slug by which the party is addressed' })
  slug: string;
}

export class ContactDto {
  @Words(200, { example: 'Alex Doe' })
  name: string;

  @OptionalWords(320, { example: 'alex@acme.example', nullable: true })
  email?: string | null;
}

/** A party as it is to stand in the register: this replaces what was said before. */
export class PartyDescriptionDto {
  @ApiProperty({
    enum: PARTY_KINDS,
    example: 'customer',
    description: 'customer of an SLA, supplier of a UC, team of an OLA',
  })
  @IsIn(PARTY_KINDS)
  kind: PartyKind;

  @Words(200, { example: 'Acme Inc.' })
  name: string;

  @OptionalWords(3, { example: 'EUR', nullable: true, description: 'ISO 4217, in which it pays or is paid' })
  currency?: string | null;

  @OptionalWords(64, { example: 'Europe/Berlin', nullable: true, description: 'IANA time zone' })
  zone?: string | null;

  @ApiPropertyOptional({ type: [ContactDto] })
  @IsOptional()
  @Many(() => ContactDto, 50)
  contacts?: ContactDto[] | null;
}

export class PartiesQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: PARTY_KINDS })
  @IsOptional()
  @IsIn(PARTY_KINDS)
  kind?: PartyKind;
}

export class PartyDto {
  @ApiProperty({ example: 'acme' }) id: string;
  @ApiProperty({ enum: PARTY_KINDS, example: 'customer' }) kind: string;
  @ApiProperty({ example: 'Acme Inc.' }) name: string;
  @ApiProperty({ type: String, nullable: true, example: 'EUR' }) currency: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Europe/Berlin' }) zone: string | null;
  @ApiProperty({ type: [ContactDto] }) contacts: readonly ContactDto[];
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: '2026-01-01T08:00:00.000Z', description: 'When we learned the newest of it' })
  recordedAt: string;
}

export class PartyListDto {
  @ApiProperty({ type: [PartyDto] }) parties: PartyDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) next: string | null;
}
