package asyncio.internal.thread

import sun.misc.Unsafe
import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles

/** Has a pooled thread forget the thread-locals of the body that it ran: they belong to one task. */
internal object ThreadLocals {
    private val names = listOf("threadLocals", "inheritableThreadLocals")

    private val erase: (() -> Unit)? = openly() ?: unsafely()

    /** Whether this JVM lets us do it. If not, a thread may run one body only. */
    val canErase: Boolean get() = erase != null

    /** Erases those of the calling thread. */
    fun erase() {
        erase?.invoke()
    }

    /** Where `java.lang` is open to us. */
    private fun openly(): (() -> Unit)? =
        try {
            val lookup = MethodHandles.privateLookupIn(Thread::class.java, MethodHandles.lookup())
            val type = Class.forName("java.lang.ThreadLocal\$ThreadLocalMap")
            val setters =
                names.map {
                    MethodHandles.insertArguments(
                        lookup.findSetter(Thread::class.java, it, type),
                        1,
                        null,
                    )
                }
            ({ setters.forEach { call(it, Thread.currentThread()) } })
        } catch (_: ReflectiveOperationException) {
            null
        }

    private fun call(
        setter: MethodHandle,
        thread: Thread,
    ) {
        setter.invokeExact(thread)
    }

    /** The way of the JDK's own pools. Newer JDKs warn of it. */
    @Suppress("DEPRECATION", "removal")
    private fun unsafely(): (() -> Unit)? =
        try {
            check(Runtime.version().feature() < FIRST_TO_WARN)
            val field = Unsafe::class.java.getDeclaredField("theUnsafe")
            field.isAccessible = true
            val unsafe = field.get(null) as Unsafe
            val offsets = names.map { unsafe.objectFieldOffset(Thread::class.java.getDeclaredField(it)) }
            ({ offsets.forEach { unsafe.putObject(Thread.currentThread(), it, null) } })
        } catch (_: ReflectiveOperationException) {
            null
        } catch (_: RuntimeException) {
            null
        }

    private const val FIRST_TO_WARN = 24
}
