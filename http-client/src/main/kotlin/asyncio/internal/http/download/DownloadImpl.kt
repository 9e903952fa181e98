package asyncio.internal.http.download

import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.TimeoutException
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientResponseException
import asyncio.http.Download
import asyncio.http.ServerFingerprintMismatchException
import asyncio.internal.http.message.HttpDate
import asyncio.internal.http.session.ClientRequestImpl
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import java.nio.file.Path
import java.time.Duration
import java.util.function.Supplier
import kotlin.time.toKotlinDuration

internal class DownloadBuilder(
    private val request: Supplier<out ClientRequest>,
) : Download.Builder {
    private var retry = Duration.ofSeconds(1)
    private var maxFailures = 5

    override fun retry(delay: Duration): Download.Builder =
        apply {
            require(!delay.isNegative) { "retry is negative: $delay" }
            retry = delay
        }

    override fun maxFailures(attempts: Int): Download.Builder =
        apply {
            require(attempts >= 0) { "maxFailures is negative: $attempts" }
            maxFailures = attempts
        }

    override fun build(): Download = DownloadImpl(request, retry, maxFailures)
}

/** Where the bytes of a download go. */
internal interface Sink {
    suspend fun write(bytes: ByteArray)

    /**
     * The body begins anew.
     *
     * @param why it cannot go on
     */
    suspend fun restart(why: String)
}

internal class DownloadImpl(
    private val request: Supplier<out ClientRequest>,
    private val retry: Duration,
    private val maxFailures: Int,
) : Download {
    override fun toFile(file: Path): Coroutine<Long> =
        coroutine {
            val target = FileSink(file)
            try {
                target.open()
                val size = Attempts(target).run()
                target.commit()
                size
            } finally {
                target.close()
            }
        }

    override fun chunks(): AsyncIterator<ByteArray> =
        asyncGenerator {
            val generator = this
            val out =
                object : Sink {
                    override suspend fun write(bytes: ByteArray) {
                        generator.yield(bytes)
                    }

                    override suspend fun restart(why: String): Unit =
                        throw ClientPayloadException("The download was cut, and cannot go on: $why")
                }
            Attempts(out).run()
        }

    override fun toString(): String = "<Download>"

    /**
     * One download.
     *
     * ```
     * ATTEMPT --all of it--> end
     *   ^ \---failed---> pause
     *   '-----------------'        too many in a row: the failure
     * ```
     */
    private inner class Attempts(
        private val sink: Sink,
    ) {
        private var received = 0L

        /** What names the version that the received bytes are of; null if nothing does. */
        private var validator: String? = null
        private var total = -1L

        /** The most bytes that any attempt has reached. */
        private var best = 0L
        private var failures = 0

        suspend fun run(): Long {
            while (true) {
                try {
                    attempt()
                    return received
                } catch (error: Exception) {
                    if (received > best) failures = 0
                    best = maxOf(best, received)
                    if (!isWorthAnother(error) || failures >= maxFailures) throw error
                    failures++
                }
                sleep(pause().toKotlinDuration())
            }
        }

        private fun pause(): Duration {
            val delay = retry.coerceAtMost(LONGEST).multipliedBy(1L shl (failures - 1).coerceAtMost(MOST_DOUBLINGS))
            return if (delay < LONGEST) delay else maxOf(LONGEST, retry)
        }

        private suspend fun attempt() {
            if (received > 0 && validator == null) restart("the server has not named its version")
            val response = await(request())
            try {
                read(response, skip(response))
            } finally {
                response.release()
            }
        }

        private fun request(): ClientRequest {
            val request = request.get().header("Accept-Encoding", "identity")
            // The status decides here how to go on; one that is of no use is raised in any case. A user's own check stays.
            if ((request as? ClientRequestImpl)?.responseCheck == null) request.raiseForStatus(false)
            if (received == 0L) return request
            return request.header("Range", "bytes=$received-").header("If-Range", validator!!)
        }

        private suspend fun restart(why: String) {
            sink.restart(why)
            received = 0
            validator = null
            total = -1
        }

        /** How many bytes of the response are there already; -1 if all of them are. */
        private suspend fun skip(response: ClientResponse): Long =
            when {
                response.status() == 200 || response.status() == 203 -> whole(response)
                received > 0 && response.status() == 206 -> continued(response)
                received > 0 && response.status() == 416 -> unsatisfied(response)
                else -> refused(response)
            }

        private suspend fun whole(response: ClientResponse): Long {
            val found = validatorOf(response)
            // A server that ignores Range, with the same bytes.
            if (received > 0 && found != null && found == validator && found.startsWith('"')) return received
            if (received > 0) restart("the resource has changed")
            validator = found
            // The length of an encoded body is not that of what is written.
            total = if (isEncoded(response)) -1 else response.contentLength() ?: -1
            return 0
        }

        private fun continued(response: ClientResponse): Long {
            val range = ContentRange.parse(response.headers().get("Content-Range"))
            val tag = response.headers().get("ETag")
            val isOther = tag != null && validator!!.startsWith('"') && tag != validator
            val isRest = range != null && range.start == received
            val hasOtherSize = range != null && total >= 0 && range.total !in listOf(-1L, total)
            if (!isRest || isOther || hasOtherSize) throw unexpected(response, "it is not the rest that was asked for")
            total = maxOf(total, range.total)
            return 0
        }

        private suspend fun unsatisfied(response: ClientResponse): Long {
            val range = ContentRange.parse(response.headers().get("Content-Range"))
            if (range != null && range.total == received) return -1
            restart("the resource is shorter now")
            throw Again("${response.url()}: the resource has changed while it was downloaded")
        }

        private fun refused(response: ClientResponse): Nothing {
            response.raiseForStatus()
            throw unexpected(response, "it is not a download")
        }

        private fun unexpected(
            response: ClientResponse,
            why: String,
        ) = ClientResponseException(response.status(), why, response.url(), response.headers())

        private suspend fun read(
            response: ClientResponse,
            skip: Long,
        ) {
            if (skip < 0) return
            var left = skip
            val content = response.content()
            while (true) {
                val bytes = await(content.readany())
                if (bytes.isEmpty()) break
                val known = minOf(left, bytes.size.toLong()).toInt()
                left -= known
                if (known == bytes.size) continue
                // First the count: a sink that is cancelled has perhaps taken them, and nothing goes on then.
                received += bytes.size - known
                sink.write(if (known == 0) bytes else bytes.copyOfRange(known, bytes.size))
            }
            if (total in (received + 1)..Long.MAX_VALUE || left > 0) {
                throw ClientPayloadException("${response.url()}: the body ended after $received of $total bytes")
            }
        }
    }

    /** A reason to try again that no server has told. */
    private class Again(
        message: String,
    ) : ClientPayloadException(message)

    private companion object {
        const val MOST_DOUBLINGS = 16
        val LONGEST: Duration = Duration.ofMinutes(1)
        val BUSY = setOf(408, 429, 500, 502, 503, 504)

        fun isWorthAnother(error: Exception): Boolean =
            when (error) {
                is ClientConnectorCertificateException, is ServerFingerprintMismatchException -> false
                is ClientConnectionException, is TimeoutException, is ClientPayloadException -> true
                is ClientResponseException -> error.status() in BUSY
                else -> false
            }

        fun isEncoded(response: ClientResponse) =
            response.headers().get("Content-Encoding")?.equals("identity", ignoreCase = true) == false

        /** What If-Range may have in it (RFC 9110, 13.1.5): a strong ETag, or a date that is certain. */
        fun validatorOf(response: ClientResponse): String? {
            val headers = response.headers()
            if (isEncoded(response)) return null
            val tag = headers.get("ETag")
            if (tag != null) return tag.takeIf { it.length > 1 && it.startsWith('"') && it.endsWith('"') }
            val modified = headers.get("Last-Modified") ?: return null
            val changed = HttpDate.parse(modified) ?: return null
            val sent = HttpDate.parse(headers.get("Date").orEmpty()) ?: return null
            return modified.takeIf { changed < sent }
        }
    }
}
