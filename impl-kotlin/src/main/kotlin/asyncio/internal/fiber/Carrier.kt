package asyncio.internal.fiber

import asyncio.internal.loop.EventLoopImpl

/** What a fiber's stack stands on. The choice is made once, for the whole program. */
public enum class Carrier {
    /** A virtual thread whose scheduler is the loop: no other thread takes part in a switch. */
    LOOP,

    /** A virtual thread of the JVM's scheduler; a baton goes to and fro. */
    VIRTUAL,

    /** A pooled platform thread and the baton. */
    PLATFORM,
    ;

    public companion object {
        /** Forces a carrier: `loop`, `virtual` or `platform`; `auto`, or nothing, takes the best there is. */
        public const val PROPERTY: String = "asyncio.carrier"

        /** The carrier of this program's fibers. */
        @JvmStatic
        public val chosen: Carrier by lazy(::choose)

        private val logger = System.getLogger("asyncio")

        /** All that this JVM, with its flags, can offer; the best first. */
        @JvmStatic
        public fun available(): List<Carrier> =
            entries.filter {
                when (it) {
                    LOOP -> VirtualThreads.whyNoScheduler == null
                    VIRTUAL -> VirtualThreads.factory != null
                    PLATFORM -> true
                }
            }

        private fun choose(): Carrier {
            val wanted = System.getProperty(PROPERTY, "auto")
            val why = VirtualThreads.whyNoScheduler
            val best =
                when {
                    why == null -> LOOP
                    VirtualThreads.factory != null -> VIRTUAL
                    else -> PLATFORM
                }
            val carrier =
                when (wanted) {
                    "auto" -> {
                        best
                    }

                    else -> {
                        entries.find { it.name.lowercase() == wanted }
                            ?: throw IllegalStateException("-D$PROPERTY=$wanted: use auto, loop, virtual or platform")
                    }
                }
            check(carrier >= best) { "-D$PROPERTY=$wanted cannot be had: $why" }
            if (carrier == VIRTUAL && wanted == "auto") {
                logger.log(
                    System.Logger.Level.INFO,
                    "asyncio4j runs coroutines on plain virtual threads, because $why; ten times faster with" +
                        " the JVM flag --add-opens java.base/java.lang=${VirtualThreads.moduleName()}",
                )
            } else {
                logger.log(System.Logger.Level.DEBUG, "asyncio4j runs coroutines on carrier $carrier")
            }
            return carrier
        }

        /** The carrier for the calling thread: a virtual thread cannot run another one on itself. */
        internal fun forDriving(): Carrier =
            if (chosen == LOOP && VirtualThreads.isVirtual(Thread.currentThread())) VIRTUAL else chosen

        internal fun fibersOf(
            loop: EventLoopImpl,
            carrier: Carrier,
        ): Fibers =
            when (carrier) {
                LOOP -> LoopCarriedFibers(loop)
                VIRTUAL -> VirtualFibers(loop)
                PLATFORM -> PlatformFibers(loop)
            }
    }
}
