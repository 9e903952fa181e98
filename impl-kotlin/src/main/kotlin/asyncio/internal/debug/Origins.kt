package asyncio.internal.debug

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/** Where objects were made that are still there. For debug mode only: the objects have no field for it. */
internal class Origins {
    private val places = ConcurrentHashMap<Any, List<StackTraceElement>>()
    private val collected = ReferenceQueue<Any>()

    /** Notes that [thing] is made by the calling code. */
    fun note(thing: Any) {
        while (true) places.remove(collected.poll() ?: break)
        places[Key(thing, collected)] = here()
    }

    fun of(thing: Any): List<StackTraceElement>? = places[Key(thing, null)]

    private class Key(
        thing: Any,
        queue: ReferenceQueue<Any>?,
    ) : WeakReference<Any>(thing, queue) {
        private val hash = System.identityHashCode(thing)

        override fun hashCode(): Int = hash

        override fun equals(other: Any?): Boolean {
            if (this === other) return true
            val thing = get()
            return other is Key && thing != null && thing === other.get()
        }
    }

    companion object {
        /** As many frames as asyncio keeps. */
        private const val FRAMES = 10

        fun here(): List<StackTraceElement> = StackFrames.ofCaller().take(FRAMES)

        fun text(frames: List<StackTraceElement>): String = frames.joinToString("") { "\n\tat $it" }
    }
}
