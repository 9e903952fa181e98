package asyncio.internal.net

import asyncio.internal.loop.OpenPackages
import asyncio.internal.vertx.VertxHost
import io.netty.channel.EventLoop
import io.netty.channel.IoEventLoop
import io.netty.channel.IoRegistration
import io.netty.channel.nio.NioIoHandle
import io.netty.channel.nio.NioSelectableChannelIoHandle
import java.io.IOException
import java.lang.ref.WeakReference
import java.lang.reflect.Field
import java.nio.channels.Pipe
import java.nio.channels.SelectableChannel
import java.nio.channels.SelectionKey
import java.nio.channels.Selector
import java.util.Collections
import java.util.WeakHashMap

/**
 * Has the selector of an event loop tell of sockets in the order in which the system tells of them, as that of asyncio does. The JDK's own
 * order is that of a hash table: a program with several connections would run in any order. Netty mends that by means that newer JDKs
 * refuse; here it takes that `java.lang` is open to us.
 */
internal object OrderedSelectors {
    private val fields: List<Field> by lazy(::findFields)

    private val seen: MutableSet<IoEventLoop> =
        Collections.synchronizedSet(Collections.newSetFromMap(WeakHashMap<IoEventLoop, Boolean>()))

    /** Each operation of a socket asks: most programs have one loop, and take no lock. */
    @Volatile private var latest: WeakReference<EventLoop>? = null

    /** For the event loop of [host], once. From code of the loop. */
    fun orderThatOf(host: VertxHost) {
        val eventLoop = host.context.nettyEventLoop()
        if (latest?.refersTo(eventLoop) == true) return
        latest = WeakReference(eventLoop)
        if (eventLoop !is IoEventLoop || !seen.add(eventLoop)) return
        if (!eventLoop.isCompatible(NioIoHandle::class.java) || fields.isEmpty()) return
        host.execute { Visitor.openedTo(eventLoop) }
    }

    private fun order(selector: Selector) {
        // Netty has one of its own where it could.
        val hasOrder =
            selector
                .selectedKeys()
                .javaClass.name
                .startsWith("io.netty")
        if (hasOrder) return
        val ordered = LinkedHashSet<SelectionKey>()
        for (field in fields) field.set(selector, ordered)
    }

    private fun findFields(): List<Field> =
        try {
            val type = Class.forName("sun.nio.ch.SelectorImpl")
            val isOpen = maySetFinalFields() && OpenPackages.open(type.packageName, javaClass.module)
            val names = if (isOpen) listOf("selectedKeys", "publicSelectedKeys") else emptyList()
            names.map(type::getDeclaredField).onEach { it.isAccessible = true }
        } catch (_: ReflectiveOperationException) {
            emptyList()
        } catch (_: RuntimeException) {
            emptyList()
        }

    /** From Java 26 on (JEP 500) the JVM warns of it, and will refuse it. */
    private fun maySetFinalFields() = Runtime.version().feature() < 26

    /** A channel that is registered only to learn which selector the event loop has. */
    private class Visitor(
        private val pipe: Pipe,
    ) : NioSelectableChannelIoHandle<SelectableChannel>(pipe.source()) {
        override fun handle(
            channel: SelectableChannel,
            key: SelectionKey,
        ): Unit = Unit

        private fun registered(registration: IoRegistration) {
            order(registration.attachment<SelectionKey>().selector())
            registration.cancel()
        }

        private fun leave() {
            pipe.source().close()
            pipe.sink().close()
        }

        companion object {
            fun openedTo(eventLoop: IoEventLoop) {
                val pipe =
                    try {
                        Pipe.open()
                    } catch (_: IOException) {
                        // There are no file descriptors left.
                        return
                    }
                pipe.source().configureBlocking(false)
                val visitor = Visitor(pipe)
                eventLoop.register(visitor).addListener {
                    if (it.isSuccess) visitor.registered(it.now as IoRegistration)
                    visitor.leave()
                }
            }
        }
    }
}
