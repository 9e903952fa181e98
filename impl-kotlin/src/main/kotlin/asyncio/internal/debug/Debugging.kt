package asyncio.internal.debug

import asyncio.ExceptionContext
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.loop.Ready
import asyncio.internal.loop.RunningLoops
import asyncio.internal.task.CoroutineImpl

/** What a loop in debug mode knows and does besides. */
internal class Debugging(
    private val loop: EventLoopImpl,
) {
    private val origins = Origins()
    val unawaited = Unawaited()

    init {
        isOnSomewhere = true
    }

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
        return context.with(SOURCE_TRACEBACK, originOf(thing) ?: return context)
    }

    fun turn(
        item: Ready,
        slowAfter: Long,
    ) {
        val start = System.nanoTime()
        item.turn()
        val took = System.nanoTime() - start
        if (took >= slowAfter) {
            val seconds = "%.3f".format(java.util.Locale.ROOT, took / 1e9)
            logger.log(System.Logger.Level.WARNING, "Executing $item took $seconds seconds")
        }
    }

    fun lookForCollected() {
        unawaited.lookForCollected(loop)
        Unawaited.outside.lookForCollected(loop)
    }

    companion object {
        /** The detail of a report that says where something was made. */
        const val SOURCE_TRACEBACK: String = "sourceTraceback"

        /** Whether new loops are in debug mode. */
        @JvmField val isDefault: Boolean = java.lang.Boolean.getBoolean(EventLoopImpl.DEBUG_PROPERTY)

        /** False as long as no loop of the program was ever in debug mode: then nobody has to ask further. */
        @JvmField var isOnSomewhere: Boolean = isDefault

        private val logger = System.getLogger("asyncio")

        /** What a new coroutine keeps as its [body]. */
        fun watched(
            coroutine: CoroutineImpl<*>,
            body: Any?,
        ): Any? {
            val loop = RunningLoops.executing()
            val unawaited = if (loop != null) loop.debugging?.unawaited else Unawaited.outside.takeIf { isDefault }
            return unawaited?.watch(coroutine, body) ?: body
        }
    }
}
