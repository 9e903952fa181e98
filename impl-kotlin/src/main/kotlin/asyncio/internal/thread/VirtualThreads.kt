package asyncio.internal.thread

import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType
import java.util.concurrent.Executor
import java.util.concurrent.ForkJoinPool
import java.util.concurrent.ThreadFactory

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

    private val FACTORY_METHOD: MethodHandle?
    private val BUILDER: MethodHandle?
    private val CARRIER: MethodHandle?

    init {
        var factoryMethod: MethodHandle? = null
        var builder: MethodHandle? = null
        var carrier: MethodHandle? = null
        var why: String? = null
        if (factory == null) {
            why = "Java ${Runtime.version().feature()} has no virtual threads"
        } else {
            try {
                val lookup = MethodHandles.privateLookupIn(Thread::class.java, MethodHandles.lookup())
                try {
                    factoryMethod = fromFactoryMethod()
                } catch (_: NoSuchMethodException) {
                    builder = fromBuilder()
                }
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
        FACTORY_METHOD = factoryMethod
        BUILDER = builder
        CARRIER = carrier
        whyNoScheduler = why
    }

    /** A virtual thread whose every run goes through [scheduler]. */
    @JvmStatic
    fun create(
        scheduler: Executor,
        body: Runnable,
    ): Thread =
        // Not one handle with bound arguments: the JIT would have more to inline.
        if (FACTORY_METHOD != null) {
            FACTORY_METHOD.invokeExact(scheduler, null as String?, NO_INHERIT, body) as Thread
        } else {
            BUILDER!!.invokeExact(scheduler, body) as Thread
        }

    /** The first of the two places where the JDK takes a scheduler. */
    private fun fromFactoryMethod(): MethodHandle {
        val builders = Class.forName("java.lang.ThreadBuilders")
        val type =
            MethodType.methodType(
                Thread::class.java,
                Executor::class.java,
                String::class.java,
                Int::class.javaPrimitiveType,
                Runnable::class.java,
            )
        return MethodHandles
            .privateLookupIn(builders, MethodHandles.lookup())
            .findStatic(builders, "newVirtualThread", type)
    }

    /** The second one, as `(Executor, Runnable)Thread`. */
    internal fun fromBuilder(): MethodHandle {
        val builder = Class.forName("java.lang.ThreadBuilders\$VirtualThreadBuilder")
        val lookup = MethodHandles.privateLookupIn(builder, MethodHandles.lookup())
        val newBuilder = lookup.findConstructor(builder, MethodType.methodType(Void.TYPE, Executor::class.java))
        val ofVirtual = Class.forName("java.lang.Thread\$Builder\$OfVirtual")
        val inherit =
            lookup.findVirtual(
                builder,
                "inheritInheritableThreadLocals",
                MethodType.methodType(ofVirtual, Boolean::class.javaPrimitiveType),
            )
        val unstarted =
            lookup.findVirtual(ofVirtual, "unstarted", MethodType.methodType(Thread::class.java, Runnable::class.java))
        val ready = MethodHandles.filterReturnValue(newBuilder, MethodHandles.insertArguments(inherit, 1, false))
        return MethodHandles.collectArguments(unstarted, 0, ready)
    }

    /** The identity of the platform thread that runs us, or of [current] itself where that cannot be seen. */
    @JvmStatic
    @Suppress("DEPRECATION")
    fun idOfCarrier(current: Thread): Long = if (CARRIER == null) current.id else (CARRIER.invokeExact() as Thread).id

    /** The module that `--add-opens` must name. */
    @JvmStatic
    fun moduleName(): String = VirtualThreads::class.java.module.name ?: "ALL-UNNAMED"

    private fun findScheduler(): Executor {
        val type = Class.forName("java.lang.VirtualThread")
        val lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
        val getter = MethodType.methodType(Executor::class.java)
        return try {
            lookup.findStatic(type, "defaultScheduler", getter).invoke() as Executor
        } catch (_: ReflectiveOperationException) {
            // Before Java 25.
            schedulerField(lookup, type)
        }
    }

    private fun schedulerField(
        lookup: MethodHandles.Lookup,
        type: Class<*>,
    ): Executor =
        try {
            lookup.findStaticGetter(type, "DEFAULT_SCHEDULER", ForkJoinPool::class.java).invoke() as Executor
        } catch (other: ReflectiveOperationException) {
            System.getLogger("asyncio").log(
                System.Logger.Level.WARNING,
                "This JVM hides its scheduler of virtual threads ($other): those that a coroutine starts run" +
                    " on the common pool",
            )
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
