package asyncio.internal.fiber

import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.FutureTask
import java.util.concurrent.ThreadFactory

/** Runs [action] on a platform thread for the calling virtual one, which waits. */
internal fun onPlatformThread(action: () -> Unit) {
    val task = FutureTask { runCatching(action) }
    Thread(task, "asyncio-driver").apply { isDaemon = true }.start()
    var interrupted = false
    while (true) {
        try {
            val result = task.get()
            if (interrupted) Thread.currentThread().interrupt()
            return result.getOrThrow()
        } catch (_: InterruptedException) {
            interrupted = true
        }
    }
}

/**
 * The parts of virtual threads that Java 17 cannot name, or that only `--add-opens java.base/java.lang` lets us reach.
 * Each is null where this JVM does not have it.
 */
internal object VirtualThreads {
    /** `Thread.NO_INHERIT_THREAD_LOCALS`: a task has thread-locals of its own. */
    private const val NO_INHERIT = 1 shl 2

    /** Makes virtual threads on the JVM's own scheduler. */
    @JvmStatic
    val factory: ThreadFactory? = findFactory()

    /** Why there are no virtual threads with a scheduler of ours; null if there are. */
    @JvmStatic
    val whyNoScheduler: String?

    private val IS_VIRTUAL: MethodHandle? =
        try {
            MethodHandles.lookup().findVirtual(
                Thread::class.java,
                "isVirtual",
                MethodType.methodType(Boolean::class.javaPrimitiveType),
            )
        } catch (_: NoSuchMethodException) {
            null
        }

    @JvmStatic
    fun isVirtual(thread: Thread): Boolean = IS_VIRTUAL != null && IS_VIRTUAL.invokeExact(thread) as Boolean

    /** Where virtual threads run that are none of ours. */
    @JvmStatic
    val scheduler: Executor by lazy(::findScheduler)

    private val CREATE: MethodHandle?
    private val CARRIER: MethodHandle?

    init {
        var create: MethodHandle? = null
        var carrier: MethodHandle? = null
        var why: String? = null
        if (factory == null) {
            why = "Java ${Runtime.version().feature()} has no virtual threads"
        } else {
            try {
                val lookup = MethodHandles.privateLookupIn(Thread::class.java, MethodHandles.lookup())
                val builders = Class.forName("java.lang.ThreadBuilders")
                create =
                    MethodHandles
                        .privateLookupIn(builders, MethodHandles.lookup())
                        .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                Thread::class.java,
                                Executor::class.java,
                                String::class.java,
                                Int::class.javaPrimitiveType,
                                Runnable::class.java,
                            ),
                        )
                carrier =
                    lookup.findStatic(
                        Thread::class.java,
                        "currentCarrierThread",
                        MethodType.methodType(Thread::class.java),
                    )
            } catch (closed: IllegalAccessException) {
                why = "java.lang is not open to ${moduleName()}"
            } catch (other: ReflectiveOperationException) {
                why = "this JVM's virtual threads take no scheduler ($other)"
            } catch (other: RuntimeException) {
                why = "this JVM's virtual threads take no scheduler ($other)"
            }
        }
        CREATE = create
        CARRIER = carrier
        whyNoScheduler = why
    }

    /** A virtual thread whose every run goes through [scheduler]. */
    @JvmStatic
    fun create(
        scheduler: Executor,
        body: Runnable,
    ): Thread = CREATE!!.invokeExact(scheduler, null as String?, NO_INHERIT, body) as Thread

    /** The identity of the platform thread that runs us, or of [current] itself where that cannot be seen. */
    @JvmStatic
    @Suppress("DEPRECATION")
    fun idOfCarrier(current: Thread): Long = if (CARRIER == null) current.id else (CARRIER.invokeExact() as Thread).id

    /** The module that `--add-opens` must name. */
    @JvmStatic
    fun moduleName(): String = VirtualThreads::class.java.module.name ?: "ALL-UNNAMED"

    private fun findScheduler(): Executor =
        try {
            val type = Class.forName("java.lang.VirtualThread")
            MethodHandles
                .privateLookupIn(type, MethodHandles.lookup())
                .findStaticGetter(type, "DEFAULT_SCHEDULER", ForkJoinPool::class.java)
                .invoke() as Executor
        } catch (_: ReflectiveOperationException) {
            ForkJoinPool.commonPool()
        }

    private fun findFactory(): ThreadFactory? =
        try {
            val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
            val type = Class.forName("java.lang.Thread\$Builder")
            type.getMethod("inheritInheritableThreadLocals", Boolean::class.javaPrimitiveType).invoke(builder, false)
            type.getMethod("factory").invoke(builder) as ThreadFactory
        } catch (_: ReflectiveOperationException) {
            null
        } catch (_: UnsupportedOperationException) {
            null
        }
}
