package asyncio.internal.http.har

import asyncio.Coroutine
import asyncio.http.HarRecorder
import asyncio.http.JsonDecodeException
import asyncio.http.MockTransport
import asyncio.internal.http.mock.MockTransportImpl
import asyncio.internal.http.payload.Blocking
import asyncio.kotlin.coroutine
import asyncio.spi.HttpHars
import java.nio.file.Files
import java.nio.file.Path

/** What is made of HAR files, and makes them. */
internal object Hars : HttpHars {
    override fun recorder(): HarRecorder.Builder = HarRecorderBuilder()

    override fun transport(har: String): MockTransport = MockTransportImpl(HarAnswers(HarReader.read(har)))

    override fun load(har: Path): Coroutine<MockTransport> =
        coroutine {
            val bytes = Blocking.inExecutor { Files.readAllBytes(har) }
            try {
                transport(String(bytes, Charsets.UTF_8))
            } catch (error: JsonDecodeException) {
                throw JsonDecodeException("${har.fileName}: ${error.withoutPlace}", error.line(), error.column(), null)
            }
        }

    private val JsonDecodeException.withoutPlace get() =
        message.orEmpty().removeSuffix(
            ", at line ${line()}, column ${column()}",
        )
}
