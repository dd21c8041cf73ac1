import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, Scope } from '@underpin/platform/auth/scope.guard';
import type { Actor } from '@underpin/platform/persistence/actor';
import { UnitOfWork } from '@underpin/platform/persistence/unit-of-work';
import type { FastifyReply } from 'fastify';
import { PriceReading, priceDto } from './price-reading';
import { PriceDto, PriceKeyDto, PriceListDto, PriceListsDto, PricesQueryDto } from './prices.dto';
import { Pricing } from './pricing';

@ApiTags('Prices')
@Controller('prices')
@Scope('financial:write')
export class PricesController {
  constructor(
    private readonly work: UnitOfWork,
    private readonly pricing: Pricing,
    private readonly reading: PriceReading,
  ) {}

  @Put(':service/:party')
  @ApiOperation({
    summary: 'Publish what a service costs a party',
    description: 'The whole list, always. What is not settled yet is reckoned again by it.',
  })
  @ApiOkResponse({ type: PriceDto })
  @ApiCreatedResponse({ type: PriceDto, description: 'The first list for this service and party' })
  async publish(
    @Param() key: PriceKeyDto,
    @Body() list: PriceListDto,
    @Caller() by: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PriceDto> {
    const price = await this.work.run(by, (tx) => this.pricing.publish(tx, key, { ...list, zone: list.zone ?? 'UTC' }));
    void reply.status(price.changed && price.version === 1 ? 201 : 200);
    return priceDto(price.state, price);
  }

  @Get()
  @Scope('financial:read')
  @ApiOperation({ summary: 'Price lists, by service and party' })
  @ApiOkResponse({ type: PriceListsDto })
  list(@Query() query: PricesQueryDto): Promise<PriceListsDto> {
    return this.reading.list(query);
  }

  @Get(':service/:party')
  @Scope('financial:read')
  @ApiOperation({ summary: 'The price list of a service for a party' })
  @ApiOkResponse({ type: PriceDto })
  find(@Param() key: PriceKeyDto): Promise<PriceDto> {
    return this.reading.find(key);
  }
}
