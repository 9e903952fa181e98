package asyncio.internal.http.body

import asyncio.Asyncio
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.netty.buffer.Unpooled
import kotlin.time.Duration

/** The connection's part in the tests of bodies. Suspend functions run on the context's thread, and so may call it. */
internal class Feed(
    contentEncoding: String? = null,
    bufferSize: Int = BodyStream.BUFFER_SIZE,
    limit: Long = Long.MAX_VALUE,
) : BodySource {
    val switches = ArrayList<Boolean>()
    val waits = ArrayList<Boolean>()
    val malformed = ArrayList<Throwable>()
    val stream =
        BodyStream(
            Asyncio.getRunningLoop() as EventLoopImpl,
            this,
            ContentCodings.parse(contentEncoding),
            bufferSize,
            limit,
        )

    override fun reading(on: Boolean) {
        switches.add(on)
    }

    override fun waiting(on: Boolean) {
        waits.add(on)
    }

    override fun malformed(error: Throwable) {
        malformed.add(error)
    }

    override fun onContext(action: Runnable): Unit = action.run()

    override fun describe(): String = "GET http://test/"

    fun feed(text: String) = feed(text.toByteArray())

    fun feed(bytes: ByteArray): Unit = stream.feed(Unpooled.wrappedBuffer(bytes), 0, bytes.size)

    /** Feeds [portions], after each of which everybody else has a turn, and ends. */
    suspend fun feedAll(portions: List<ByteArray>) {
        for (portion in portions) {
            feed(portion)
            turns()
        }
        stream.end()
    }
}

/** Lets everybody else run until they wait. */
internal suspend fun turns() {
    repeat(5) { sleep(Duration.ZERO) }
}

internal fun inLoop(main: suspend () -> Unit) {
    Asyncio.run(coroutine(main))
}

internal fun bytes(text: String): ByteArray = text.toByteArray()

internal fun text(bytes: ByteArray): String = bytes.decodeToString()

/** [bytes] in portions of [size]. */
internal fun portions(
    bytes: ByteArray,
    size: Int,
): List<ByteArray> = (bytes.indices step size).map { bytes.copyOfRange(it, minOf(it + size, bytes.size)) }

/** Every way to cut [bytes] in portions; there are 2 to the power of their number less one. */
internal fun everyCut(bytes: ByteArray): Sequence<List<ByteArray>> =
    (0 until (1 shl (bytes.size - 1))).asSequence().map { cuts ->
        val portions = ArrayList<ByteArray>()
        var from = 0
        for (i in 1..bytes.size) {
            if (i == bytes.size || cuts and (1 shl (i - 1)) != 0) {
                portions.add(bytes.copyOfRange(from, i))
                from = i
            }
        }
        portions
    }
