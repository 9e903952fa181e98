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

        private const val UNASKED = "another kind was asked for"

        /** All that this JVM, with its flags, can offer; the best first. */
        @JvmStatic
        public fun available(): List<FiberKind> =
            entries.filter {
                when (it) {
                    LOOP -> whyNoLoop() == null
                    VIRTUAL -> VirtualThreads.factory != null
                    PLATFORM -> true
                }
            }

        /** Why there are no fibers on virtual threads whose scheduler is the loop; null if there are. */
        private fun whyNoLoop(): String? =
            VirtualThreads.whyNoScheduler
                ?: LoopCarriedProbe.failure?.let { "on Java ${Runtime.version().feature()} $it" }

        private fun choose(): FiberKind {
            val wanted = System.getProperty(PROPERTY, "auto")
            // Tried out only where it matters.
            val isOther = wanted == "virtual" || wanted == "platform"
            val why = if (isOther) VirtualThreads.whyNoScheduler ?: UNASKED else whyNoLoop()
            val best =
                when {
                    why == null -> LOOP
                    VirtualThreads.factory != null -> VIRTUAL
                    else -> PLATFORM
                }
            val kind =
                when (wanted) {
                    "auto" -> {
                        best
                    }

                    else -> {
                        entries.find { it.name.lowercase() == wanted }
                            ?: throw IllegalStateException("-D$PROPERTY=$wanted: use auto, loop, virtual or platform")
                    }
                }
            check(kind >= best) { "-D$PROPERTY=$wanted is not available on this JVM: $why" }
            if (kind == VIRTUAL && wanted == "auto") {
                val remedy =
                    if (VirtualThreads.whyNoScheduler == null) {
                        ""
                    } else {
                        "; ten times faster with the JVM flag --add-opens java.base/java.lang=${VirtualThreads.moduleName()}"
                    }
                // With the flag there is something that its user should know.
                val level = if (remedy.isEmpty()) System.Logger.Level.WARNING else System.Logger.Level.INFO
                logger.log(level, "asyncio4j runs coroutines on plain virtual threads, because $why$remedy")
            } else {
                logger.log(System.Logger.Level.DEBUG, "asyncio4j runs Java bodies on fibers of kind $kind")
            }
            return kind
        }

        /** The kind for the calling thread: a virtual thread cannot run another one on itself. */
        internal fun forDriving(): FiberKind =
            if (chosen == LOOP && VirtualThreads.isVirtual(Thread.currentThread())) VIRTUAL else chosen
    }
}
