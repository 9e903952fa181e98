package asyncio.internal.task

import asyncio.Future
import kotlinx.coroutines.Deferred
import java.lang.ref.WeakReference
import java.util.WeakHashMap

/** What kotlinx knows a loop by. */
internal class KotlinxOfLoop(
    loop: TaskLoop,
) {
    val dispatcher = LoopDispatcher(loop)
    val interceptor = LoopInterceptor(dispatcher)
    val exceptionHandler = LoopExceptionHandler(loop)

    /** Weak on both sides: a pending future holds its Deferred. Code of the loop only. */
    private val deferreds = WeakHashMap<Future<*>, WeakReference<Deferred<*>>>()

    /** The one Deferred of [future] for `select`, which asks for it again and again. */
    @Suppress("UNCHECKED_CAST")
    fun <T> deferredOf(
        future: Future<T>,
        make: () -> Deferred<T>,
    ): Deferred<T> = deferreds[future]?.get() as Deferred<T>? ?: make().also { deferreds[future] = WeakReference(it) }
}
