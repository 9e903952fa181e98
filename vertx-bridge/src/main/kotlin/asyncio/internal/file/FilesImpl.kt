package asyncio.internal.file

import asyncio.spi.IoFiles

internal object FilesImpl : IoFiles
