package asyncio.internal.io

import asyncio.internal.file.FilesImpl
import asyncio.internal.net.NetworkImpl
import asyncio.internal.process.ProcessesImpl
import asyncio.spi.IoFiles
import asyncio.spi.IoNetwork
import asyncio.spi.IoProcesses
import asyncio.spi.IoProvider

/** Streams, subprocesses and files of loops on Vert.x. */
public class VertxIoProvider : IoProvider {
    override fun files(): IoFiles = FilesImpl

    override fun processes(): IoProcesses = ProcessesImpl

    override fun network(): IoNetwork = NetworkImpl
}
