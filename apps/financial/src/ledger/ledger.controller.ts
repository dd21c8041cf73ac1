import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Scope } from '@underpin/platform/auth/scope.guard';
import { PageQueryDto } from '@underpin/platform/http/paging';
import { LedgerReading } from './ledger-reading';
import { AccountingPeriodsDto, JournalsDto, JournalsQueryDto, TrialBalanceDto } from './ledger.dto';

@ApiTags('Ledger')
@Controller()
@Scope('financial:read')
export class LedgerController {
  constructor(private readonly reading: LedgerReading) {}

  @Get('ledger/journals')
  @ApiOperation({ summary: 'Journals with their entries, the oldest first' })
  @ApiOkResponse({ type: JournalsDto })
  journals(@Query() query: JournalsQueryDto): Promise<JournalsDto> {
    return this.reading.journals(query);
  }

  @Get('ledger/trial-balance')
  @ApiOperation({ summary: 'The balance of each account, and their sum, which is 0' })
  @ApiOkResponse({ type: TrialBalanceDto })
  trialBalance(): Promise<TrialBalanceDto> {
    return this.reading.trialBalance();
  }

  @Get('accounting-periods')
  @ApiOperation({ summary: 'The months of the books' })
  @ApiOkResponse({ type: AccountingPeriodsDto })
  accountingPeriods(@Query() query: PageQueryDto): Promise<AccountingPeriodsDto> {
    return this.reading.accountingPeriods(query);
  }
}
