package asyncio.internal.debug

import asyncio.ExceptionContext
import asyncio.internal.loop.Ready
import asyncio.internal.loop.TurnObserver
import java.util.Locale

/** What a loop in debug mode knows and does besides. */
internal class Debugging(
    /** A turn of so many nanoseconds is reported. */
    var slowAfter: Long,
) : TurnObserver {
    private val origins = Origins()

    /** How many garbage collections are still to be asked for. */
    private var collections = 0
    private var lastCollection = System.nanoTime() - PAUSE

    /** The calling code has made [thing]. */
    fun made(thing: Any) {
        origins.note(thing)
    }

    fun originOf(thing: Any): List<StackTraceElement>? = origins.of(thing)

    /** For the text of [thing]. */
    fun createdAt(thing: Any): String =
        originOf(thing)?.firstOrNull()?.let { " created at ${it.fileName}:${it.lineNumber}" } ?: ""

    /** The report with the place where the thing was made that it is about. */
    fun withOrigin(context: ExceptionContext): ExceptionContext {
        if (SOURCE_TRACEBACK in context.details()) return context
        val thing = context.task() ?: context.future() ?: context.handle() ?: return context
        return context.withDetail(SOURCE_TRACEBACK, originOf(thing) ?: return context)
    }

    override fun turn(item: Ready) {
        val start = System.nanoTime()
        item.turn()
        val took = System.nanoTime() - start
        if (took >= slowAfter) {
            val seconds = "%.3f".format(Locale.ROOT, took / 1e9)
            logger.log(System.Logger.Level.WARNING, "Executing $item took $seconds seconds")
        }
    }

    /** Something was left that is to be reported once it is garbage: debug mode does not wait until memory is short. */
    fun collectSoon() {
        collections = COLLECTIONS
    }

    /** The loop has nothing to do. */
    override fun idle() {
        if (collections == 0) return
        val now = System.nanoTime()
        if (now - lastCollection < PAUSE) return
        lastCollection = now
        collections--
        System.gc()
    }

    companion object {
        /** The detail of a report that says where something was made. */
        const val SOURCE_TRACEBACK: String = "sourceTraceback"

        /** Whether new loops are in debug mode. */
        const val PROPERTY: String = "asyncio.debug"

        /** The value of [PROPERTY]. */
        @JvmField val isDefault: Boolean = java.lang.Boolean.getBoolean(PROPERTY)

        private val logger = System.getLogger("asyncio")

        /** The first one may come while the stack of the culprit is still in use. */
        private const val COLLECTIONS = 2
        private const val PAUSE = 1_000_000_000L
    }
}
