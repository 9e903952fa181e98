package asyncio.internal.task

import asyncio.ExceptionContext
import asyncio.internal.debug.Debugging
import asyncio.internal.debug.Functions
import asyncio.internal.debug.OneShot
import asyncio.internal.debug.Origins
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference

/**
 * The coroutines of one loop, or made outside of any, that no code has yet awaited, made a task of, or
 * closed. They are reported when they are garbage; those of a loop when it closes, at the latest. A coroutine that something
 * still holds then is not reported: it may be awaited later.
 *
 * It is on in debug mode, in tests, and where assertions are. The cost of a coroutine is a weak reference in an array, which
 * is cleared when the coroutine starts; what has started is taken out when the array is full.
 */
public class Unawaited private constructor() {
    private var watches = arrayOfNulls<Watch>(FEW)
    private var size = 0
    private val collected = ReferenceQueue<OneShot>()

    private fun add(watch: Watch) {
        if (size == watches.size) makeRoom()
        watches[size++] = watch
    }

    private fun makeRoom() {
        val left = takeLeft()
        val room = maxOf(FEW, 2 * left.size)
        watches = left.toTypedArray<Watch?>().copyOf(room)
        size = left.size
    }

    /** Takes out the coroutines that have not started. */
    private fun takeLeft(): List<Watch> {
        val left = ArrayList<Watch>()
        for (i in 0 until size) watches[i]!!.let { if (!it.ended) left.add(it) }
        watches.fill(null)
        size = 0
        return left
    }

    /** What is to be done in [loop] about one that is garbage; null if there is none. From any thread. */
    internal fun pollCollected(loop: TaskLoop?): Runnable? {
        while (true) {
            val watch = collected.poll() as Watch? ?: return null
            if (!watch.ended) return Runnable { watch.report(loop) }
        }
    }

    /** The loop ends: no code will await what is left, unless code still holds it. */
    internal fun reportAll(loop: TaskLoop) {
        val left = takeLeft()
        if (left.any { it.get() != null }) System.gc()
        for (watch in left) if (watch.get() == null) watch.report(loop)
    }

    /** One of them. */
    public class Watch internal constructor(
        coroutine: OneShot,
        /** Its name, or the class of its body; see [Functions]. */
        internal var function: Any,
        private val origin: List<StackTraceElement>?,
        queue: ReferenceQueue<OneShot>,
    ) : WeakReference<OneShot>(coroutine, queue) {
        @Volatile internal var ended = false
            private set

        /** The coroutine was awaited, made a task of, or closed. */
        public fun end() {
            ended = true
            clear()
        }

        /** Tells [loop]; null for the log. */
        internal fun report(loop: TaskLoop?) {
            if (ended) return
            ended = true
            val name = (function as? Class<*>)?.let(Functions::nameOf) ?: function
            val place = origin?.firstOrNull()?.let { ", made at $it," } ?: ""
            val message = "Coroutine '$name'$place was never awaited, and so never ran"
            if (loop == null) return logger.log(System.Logger.Level.ERROR, message)
            val context = ExceptionContext.of(message)
            loop.callExceptionHandler(
                if (origin == null) context else context.withDetail(Debugging.SOURCE_TRACEBACK, origin),
            )
        }
    }

    public companion object {
        private const val FEW = 64

        /** False as long as no loop of this program is watched: then a new coroutine has nothing to ask. */
        @JvmField internal var isOnSomewhere: Boolean =
            Debugging.isDefault || Unawaited::class.java.desiredAssertionStatus()

        /** Whether coroutines made outside of any loop are watched, and those of new loops. */
        private val isDefault = isOnSomewhere

        /** The coroutines made outside of any loop. From any thread. */
        private val outside = Unawaited()

        internal fun forNewLoop(): Unawaited? = if (isDefault) Unawaited() else null

        /** For a loop that is to be watched whatever the default is. */
        internal fun forWatchedLoop(): Unawaited {
            isOnSomewhere = true
            return Unawaited()
        }

        /** Logs the coroutines made outside of any loop that are garbage. From any thread. */
        internal fun logCollectedOutside() {
            while (true) (outside.pollCollected(null) ?: return).run()
        }

        private val logger = System.getLogger("asyncio")

        /**
         * Watches [coroutine], which the calling code makes; null if they are not watched.
         *
         * @param function its name, or the class of its body
         */
        public fun watch(
            coroutine: OneShot,
            function: Any,
        ): Watch? {
            if (!isOnSomewhere) return null
            val loop = TaskLoop.executing()
            if (loop == null) {
                if (!isDefault) return null
                val watch = outside.newWatch(coroutine, function, Debugging.isDefault)
                synchronized(outside) { outside.add(watch) }
                return watch
            }
            val unawaited = loop.unawaited ?: return null
            val debugging = loop.debugging
            debugging?.collectSoon()
            return unawaited.newWatch(coroutine, function, debugging != null).also(unawaited::add)
        }
    }

    private fun newWatch(
        coroutine: OneShot,
        function: Any,
        withOrigin: Boolean,
    ) = Watch(coroutine, function, if (withOrigin) Origins.here() else null, collected)
}
