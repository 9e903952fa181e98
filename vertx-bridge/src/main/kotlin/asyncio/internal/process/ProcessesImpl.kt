package asyncio.internal.process

import asyncio.spi.IoProcesses

internal object ProcessesImpl : IoProcesses
