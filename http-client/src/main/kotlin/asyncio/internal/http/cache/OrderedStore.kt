package asyncio.internal.http.cache

import asyncio.CancelledError
import asyncio.Task
import asyncio.http.CacheStore
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.shield
import java.util.concurrent.ConcurrentHashMap

/**
 * A store whose changes count at once, and are made in their order: for each URL one task at a time writes. From any thread.
 *
 * A response to a request that was sent before its URL was removed is not stored any more: it may be what was changed.
 */
internal class OrderedStore(
    private val store: CacheStore,
) {
    /** A request that is under way, and whose response may be stored. */
    class Asking {
        @Volatile
        var isOutdated = false
    }

    /**
     * What the store is to have soon.
     *
     * @property entries they count before those in the store
     * @property isRemoved whether those in the store do not count
     * @property loop the task that writes runs there
     */
    private class Change(
        val entries: List<CachedResponse>,
        val isRemoved: Boolean,
        val loop: EventLoopImpl,
    )

    /** There is a change as long as a task writes it. */
    private val changes = ConcurrentHashMap<String, Change>()
    private val asking = ConcurrentHashMap<String, List<Asking>>()

    suspend fun load(key: String): List<CachedResponse> = load(key, changes[key])

    private suspend fun load(
        key: String,
        change: Change?,
    ): List<CachedResponse> {
        if (change == null) return stored(key)
        if (change.isRemoved) return change.entries
        return change.entries + stored(key).filter { entry -> change.entries.none { it.isOfSameVariantAs(entry) } }
    }

    private suspend fun stored(key: String): List<CachedResponse> =
        guarded(emptyList()) { await(store.get(key))?.let(CachedResponse::read).orEmpty() }

    /** A request is about to be sent; [answered] is to be called in any case. */
    fun ask(key: String): Asking {
        val asked = Asking()
        asking.compute(key) { _, others -> others.orEmpty() + asked }
        return asked
    }

    fun answered(
        key: String,
        asked: Asking,
    ) {
        asking.computeIfPresent(key) { _, others -> (others - asked).ifEmpty { null } }
    }

    /** Nobody waits for that. */
    fun save(
        key: String,
        entry: CachedResponse,
        asked: Asking,
        loop: EventLoopImpl,
    ) {
        change(key, loop) { before ->
            if (asked.isOutdated) return@change null
            val others = before?.entries.orEmpty().filter { !it.isOfSameVariantAs(entry) }
            Change((listOf(entry) + others).take(MOST_VARIANTS), before?.isRemoved ?: false, loop)
        }
    }

    suspend fun remove(
        key: String,
        loop: EventLoopImpl,
    ) {
        val task =
            change(key, loop) {
                asking[key]?.forEach { it.isOutdated = true }
                Change(emptyList(), isRemoved = true, loop)
            }
        // If the request is cancelled, its method may have had its effect all the same.
        if (task != null) await(shield(task))
    }

    /** Gives the task that writes the change that [make] gives; null if another one does it, or there is none. */
    private fun change(
        key: String,
        loop: EventLoopImpl,
        make: (Change?) -> Change?,
    ): Task<Unit>? {
        if (loop.isClosed) return null
        var isFirst = false
        changes.compute(key) { _, before ->
            // The task of a loop that has ended does nothing more.
            val underway = before?.takeIf { !it.loop.isClosed }
            val next = make(underway)
            isFirst = underway == null && next != null
            when {
                next == null || underway == null -> next ?: underway
                else -> Change(next.entries, next.isRemoved, underway.loop)
            }
        }
        return if (isFirst) start(key, loop) else null
    }

    private fun start(
        key: String,
        loop: EventLoopImpl,
    ): Task<Unit> {
        var begun = false
        val task =
            loop.createTask(
                coroutine {
                    begun = true
                    write(key)
                },
                "storing a response",
            )
        // One that is cancelled before its first step does nothing.
        task.addDoneCallback { if (!begun) changes.remove(key) }
        return task
    }

    private suspend fun write(key: String) {
        var isWritten = false
        try {
            writeAll(key)
            isWritten = true
        } catch (cancelled: CancelledError) {
            // The loop ends. A program that makes one request, and then ends, is to find its response the next time.
            writeAll(key)
            isWritten = true
            throw cancelled
        } finally {
            if (!isWritten) changes.remove(key)
        }
    }

    private suspend fun writeAll(key: String) {
        while (true) {
            val change = changes[key] ?: return
            val all = load(key, change).take(MOST_VARIANTS)
            guarded(Unit) { await(if (all.isEmpty()) store.remove(key) else store.put(key, CachedResponse.write(all))) }
            // Unless it was changed again meanwhile.
            if (changes.remove(key, change)) return
        }
    }

    /** A store that fails is as good as an empty one. */
    private inline fun <T> guarded(
        otherwise: T,
        action: () -> T,
    ): T =
        try {
            action()
        } catch (error: Exception) {
            LOGGER.log(System.Logger.Level.WARNING, "The store of an HTTP cache has failed, and was left out: $error")
            otherwise
        }

    override fun toString(): String = store.toString()

    private companion object {
        val LOGGER: System.Logger = System.getLogger("asyncio")
        const val MOST_VARIANTS = 8
    }
}
