package asyncio.internal.http.har

import asyncio.Coroutine
import asyncio.http.ClientResponse
import asyncio.http.HarRecorder
import asyncio.http.OutgoingRequest
import asyncio.internal.http.middleware.SuspendMiddleware
import asyncio.internal.http.payload.Blocking
import asyncio.internal.http.payload.ReplacedFile
import asyncio.internal.http.session.RequestAttempt
import asyncio.internal.http.session.Traces
import asyncio.kotlin.coroutine
import java.io.ByteArrayOutputStream
import java.nio.file.Path
import java.time.Clock

internal class HarRecorderBuilder : HarRecorder.Builder {
    private var maxBodySize = 1024 * 1024
    private var secrets = false
    private var clock = Clock.systemUTC()

    override fun maxBodySize(bytes: Int): HarRecorder.Builder =
        apply {
            require(bytes >= 0) { "maxBodySize is negative: $bytes" }
            maxBodySize = bytes
        }

    override fun secrets(secrets: Boolean): HarRecorder.Builder = apply { this.secrets = secrets }

    override fun clock(clock: Clock): HarRecorder.Builder = apply { this.clock = clock }

    override fun build(): HarRecorder = HarRecorderImpl(maxBodySize, secrets, clock)
}

/** Keeps what it has seen of requests and responses. */
internal class HarRecorderImpl(
    private val maxBodySize: Int,
    private val secrets: Boolean,
    private val clock: Clock,
) : SuspendMiddleware,
    HarRecorder {
    private val recordings = ArrayList<Recording>()

    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        if (request !is RequestAttempt || request.upgrade != null) return next(request)
        val session = request.request.session
        val recording =
            Recording(request, Secrets(session.settings, secrets), maxBodySize, clock.instant(), session.loop)
        recordings.add(recording)
        val traces = request.traces
        val tap = request.bodyTap
        request.traces = traces?.plus(recording.timeline) ?: Traces(session, listOf(recording.timeline), null)
        request.bodyTap = recording
        try {
            return next(request).also(recording::answered)
        } catch (error: Throwable) {
            // What is sent again unnoticed by its user is one request.
            if (request.isRepeated) recordings.remove(recording) else recording.failed(error)
            throw error
        } finally {
            request.traces = traces
            request.bodyTap = tap
        }
    }

    override fun size(): Int = recordings.size

    override fun clear(): Unit = recordings.clear()

    private fun snapshot() = recordings.map(Recording::snapshot)

    override fun toJson(): String =
        ByteArrayOutputStream().also { HarWriter.write(it, snapshot()) }.toString(Charsets.UTF_8)

    override fun save(file: Path): Coroutine<Void?> =
        coroutine {
            val entries = snapshot()
            Blocking.inExecutor { ReplacedFile.write(file) { HarWriter.write(it, entries) } }
            null
        }

    override fun toString(): String = "<HarRecorder, $size entries>"

    private val size get() = recordings.size
}
