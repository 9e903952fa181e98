package asyncio.internal.fiber

import asyncio.internal.loop.Scheduler
import asyncio.internal.thread.VirtualThreads

/** What the stack of a fiber is made of. The choice is made once, for the whole program. */
public enum class FiberKind {
    /** A virtual thread whose scheduler is the loop: no other thread takes part in a switch. */
    LOOP,

    /** A virtual thread of the JVM's scheduler; a baton goes to and fro. */
    VIRTUAL,

    /** A pooled platform thread and the baton. */
    PLATFORM,
    ;

    internal fun fibersOf(loop: Scheduler): Fibers =
        when (this) {
            LOOP -> LoopCarriedFibers(loop)
            VIRTUAL -> VirtualFibers(loop)
            PLATFORM -> PlatformFibers(loop)
        }

    public companion object {
        /** Forces a kind: `loop`, `virtual` or `platform`; `auto`, or nothing, takes the best there is. */
        public const val PROPERTY: String = "asyncio.fiber"

        /** The kind of this program's fibers. */
        @JvmStatic
        public val chosen: FiberKind by lazy(::choose)

        private val logger = System.getLogger("asyncio")

        /** All that this JVM, with its flags, can offer; the best first. */
        @JvmStatic
        public fun available(): List<FiberKind> = entries.filter { whyNot(it) == null }

        /** Why this JVM has no fibers of this kind; null if it has. */
        private fun whyNot(kind: FiberKind): String? =
            when (kind) {
                LOOP -> {
                    VirtualThreads.whyNoScheduler
                        ?: LoopCarriedProbe.failure?.let { "on Java ${Runtime.version().feature()} $it" }
                }

                VIRTUAL -> {
                    if (VirtualThreads.factory == null) VirtualThreads.whyNoScheduler else null
                }

                PLATFORM -> {
                    null
                }
            }

        private fun choose(): FiberKind {
            val wanted = System.getProperty(PROPERTY, "auto")
            if (wanted == "auto") return chooseBest()
            val kind =
                entries.find { it.name.lowercase() == wanted }
                    ?: throw IllegalStateException("-D$PROPERTY=$wanted: use auto, loop, virtual or platform")
            val why = whyNot(kind)
            check(why == null) { "-D$PROPERTY=$wanted is not available on this JVM: $why" }
            return kind.also(::tellQuietly)
        }

        private fun chooseBest(): FiberKind {
            val best = entries.first { whyNot(it) == null }
            if (best == VIRTUAL) untold = true else tellQuietly(best)
            return best
        }

        private fun tellQuietly(kind: FiberKind) {
            logger.log(System.Logger.Level.DEBUG, "asyncio4j runs Java bodies on fibers of kind $kind")
        }

        /** Nobody was told yet why Java bodies are slower than they could be. */
        @Volatile private var untold = false

        /** A Java body begins on a plain virtual thread: programs of Kotlin alone have nothing from the flag. */
        internal fun virtualBegins() {
            if (untold) tellOfVirtual()
        }

        @Synchronized
        private fun tellOfVirtual() {
            if (!untold) return
            untold = false
            val what = "asyncio4j runs Java bodies on plain virtual threads, because ${whyNot(LOOP)}"
            if (VirtualThreads.whyNoScheduler == null) {
                // The flag is there, and does not help.
                logger.log(System.Logger.Level.WARNING, what)
            } else {
                val flag = "--add-opens java.base/java.lang=${VirtualThreads.moduleName()}"
                logger.log(
                    System.Logger.Level.INFO,
                    "$what; an await that switches is about six times faster with the JVM flag $flag",
                )
            }
        }

        /** The kind for the calling thread: a virtual thread cannot run another one on itself. */
        internal fun forDriving(): FiberKind =
            if (chosen == LOOP && VirtualThreads.isVirtual(Thread.currentThread())) VIRTUAL else chosen
    }
}
