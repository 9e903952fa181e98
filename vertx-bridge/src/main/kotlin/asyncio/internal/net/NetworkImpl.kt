package asyncio.internal.net

import asyncio.spi.IoNetwork

internal object NetworkImpl : IoNetwork
