package asyncio.internal.process

import asyncio.internal.vertx.VertxHost
import java.util.concurrent.ConcurrentHashMap

/** The programs that run for one loop, which end with it. */
internal class Children private constructor(
    private val host: VertxHost,
) : AutoCloseable {
    private val running = LinkedHashSet<Child>()

    fun add(child: Child) {
        running.add(child)
    }

    fun remove(child: Child) {
        running.remove(child)
        if (running.isEmpty() && all.remove(host, this)) host.unregister(this)
    }

    override fun close() {
        all.remove(host, this)
        val left = running.toList()
        left.forEach(Child::kill)
        val end = System.nanoTime() + PATIENCE
        for (child in left) child.blockUntilEnded(end - System.nanoTime())
    }

    companion object {
        /** Killed ones are gone within a millisecond, unless the system waits for a device. */
        private const val PATIENCE = 1_000_000_000L

        private val all = ConcurrentHashMap<VertxHost, Children>()

        /** Those of the loop on [host]; on its thread. */
        fun of(host: VertxHost): Children = all.computeIfAbsent(host) { Children(it).also(it::register) }
    }
}
